import { createTransport } from 'nodemailer';
import { type Channel, ChannelError, type OutgoingMessage } from './channel.ts';
import { type MailOptions, toMail } from './mail.ts';

const CONNECTIONS = 5;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 5_000 };

/** What nodemailer adds to an error: where it happened, and the server's reply. */
interface SmtpFailure extends Error {
  code?: string;
  responseCode?: number;
}

/** The server's word about one message: 4xx may change, 5xx does not. Everything else is about the server. */
function toChannelError(failure: SmtpFailure): ChannelError {
  const { code, responseCode = 0, message } = failure;
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  const why = !aboutMessage || responseCode === 0 ? 'away' : responseCode >= 500 ? 'never' : 'refused';
  return new ChannelError(why, message, { cause: failure });
}

/**
 * Hands mail to a server. After a crash in the moment between its yes and ours the same mail goes out again, with the
 * same Message-ID. What a simulation has made up is never sent: its customers may bear the names of real ones.
 */
export class SmtpChannel implements Channel {
  readonly name = 'smtp';
  readonly #transport;
  readonly #options: MailOptions;

  /** @param url smtp://user:password@host:port, or smtps:// */
  constructor(url: string, options: MailOptions) {
    const { hostname, port, username, password, protocol } = new URL(url);
    const auth = username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
    this.#options = options;
    this.#transport = createTransport({
      pool: true,
      maxConnections: CONNECTIONS,
      maxMessages: Number.POSITIVE_INFINITY,
      host: hostname,
      ...(port && { port: Number(port) }),
      secure: protocol === 'smtps:',
      ...auth,
      ...TIMEOUTS,
    });
  }

  takes(message: OutgoingMessage): boolean {
    return !message.synthetic;
  }

  async send(message: OutgoingMessage): Promise<void> {
    const { from, to, raw } = toMail(message, this.#options);
    try {
      await this.#transport.sendMail({ envelope: { from, to: [to] }, raw });
    } catch (error) {
      throw toChannelError(error as SmtpFailure);
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}
