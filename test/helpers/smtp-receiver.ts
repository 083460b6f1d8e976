import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  raw: string;
}

/** A mail server that keeps what it is given. */
export interface SmtpReceiver {
  url: string;
  mails: ReceivedMail[];
  /** The reply to the next recipients, like 550; 250 when it is absent. */
  refuseWith: number | undefined;
}

export async function startSmtpReceiver(t: TestContext): Promise<SmtpReceiver> {
  const receiver: SmtpReceiver = { url: '', mails: [], refuseWith: undefined };
  const server = new SMTPServer({
    authOptional: true,
    // The test is over: nobody is waited for.
    closeTimeout: 1,
    disabledCommands: ['STARTTLS'],
    onRcptTo(_address, _session, callback) {
      const { refuseWith } = receiver;
      callback(refuseWith ? Object.assign(new Error('no such mailbox'), { responseCode: refuseWith }) : null);
    },
    onData(stream, { envelope }, callback) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        receiver.mails.push({ from, to, raw: Buffer.concat(pieces).toString() });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  receiver.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return receiver;
}
