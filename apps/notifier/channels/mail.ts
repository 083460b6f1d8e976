import { encodeWords } from 'nodemailer/lib/mime-funcs';
import { encode, wrap } from 'nodemailer/lib/qp';
import { ChannelError, type OutgoingMessage } from './channel.ts';

export interface MailOptions {
  /** Name that mail comes from. */
  sender: string;
  /** Address that mail comes from; its domain makes message ids. */
  from: string;
  /** Pattern of customers' addresses, with {customer}: no address is stored. */
  addressOf: string;
  /** Where alarms go. */
  operations: string;
}

/** A message ready for a mail server or a folder. */
export interface Mail {
  from: string;
  to: string;
  /** Without angle brackets: the same for the same message, for ever. */
  messageId: string;
  /** Header and body, lines ended by CR LF. */
  raw: Buffer;
}

const ADDRESS = /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;
const MAX_ADDRESS = 254;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a header
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything that mail carries as it is
const ASCII = /^[\u0001-\u007f]*$/;

/** Whether text is an address without quotes, comments or anything else that a header could be broken with. */
export const isAddress = (text: string): boolean => text.length <= MAX_ADDRESS && ADDRESS.test(text);

function addressFor({ forOperations, customerRef }: OutgoingMessage, options: MailOptions): string {
  const address = forOperations ? options.operations : options.addressOf.replace('{customer}', () => customerRef);
  if (isAddress(address)) return address;
  throw new ChannelError('never', `customer ${customerRef} has no mail address that could be used`);
}

function header(name: string, value: string): string {
  // Nothing that comes from outside gets here unchecked; whatever does all the same cannot add a header.
  if (CONTROL.test(value)) throw new ChannelError('never', `${name} holds a control character`);
  return `${name}: ${encodeWords(value, 'Q', 52)}`;
}

const displayName = (name: string): string =>
  ASCII.test(name) ? `"${name.replace(/["\\]/g, '')}"` : encodeWords(name, 'Q', 52);

/** RFC 5322 wants "+0000" where JavaScript writes "GMT". */
const mailDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

/**
 * A message as e-mail in plain text.
 * @throws {ChannelError} never: there is no address, or a header would not be one
 */
export function toMail(message: OutgoingMessage, options: MailOptions): Mail {
  const to = addressFor(message, options);
  const messageId = `${message.orderId}.${message.key}@${options.from.slice(options.from.indexOf('@') + 1)}`;
  const isPlain = ASCII.test(message.text);
  const headers = [
    `From: ${displayName(options.sender)} <${options.from}>`,
    header('To', to),
    header('Subject', message.subject),
    header('Date', mailDate(message.createdAt)),
    header('Message-ID', `<${messageId}>`),
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'quoted-printable'}`,
  ];
  const text = message.text.replaceAll('\n', '\r\n');
  const body = isPlain ? text : wrap(encode(text));
  return { from: options.from, to, messageId, raw: Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}\r\n`) };
}
