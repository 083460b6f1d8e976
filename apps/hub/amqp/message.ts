import { Code } from './codes.ts';
import { decodeError } from './errors.ts';
import { type AmqpMap, type AmqpValue, Reader } from './reader.ts';

/** Descriptors of a message's sections, in the order they stand in (part 3.2). */
export const Section = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

const BY_NAME: Record<string, number> = {
  'amqp:header:list': Section.header,
  'amqp:delivery-annotations:map': Section.deliveryAnnotations,
  'amqp:message-annotations:map': Section.messageAnnotations,
  'amqp:properties:list': Section.properties,
  'amqp:application-properties:map': Section.applicationProperties,
  'amqp:data:binary': Section.data,
  'amqp:amqp-sequence:list': Section.sequence,
  'amqp:amqp-value:*': Section.value,
  'amqp:footer:map': Section.footer,
};

/** Reads a section's descriptor; its value is left to read. */
export function readSection(reader: Reader): number {
  const { buffer, position } = reader;
  // The short form that everybody sends, without a general decode.
  if (buffer[position] === Code.described && buffer[position + 1] === Code.smallUlong) {
    return checkedSection(buffer[reader.take(3) + 2]!);
  }
  const descriptor = reader.descriptor();
  return checkedSection(typeof descriptor === 'string' ? (BY_NAME[descriptor] ?? 0) : Number(descriptor));
}

function checkedSection(code: number): number {
  if (code >= Section.header && code <= Section.footer) return code;
  throw decodeError(`unknown message section 0x${code.toString(16)}`);
}

/** A request to a node such as $cbs. The message id is kept as bytes, to be echoed with its type. */
export interface Request {
  messageId: Buffer | null;
  replyTo: string | null;
  properties: Map<AmqpValue, AmqpValue>;
  body: AmqpValue;
}

/** The message annotations of a message that was checked before; null when it has none. */
export function messageAnnotations(message: Buffer): AmqpMap | null {
  const reader = new Reader(message);
  while (reader.remaining > 0) {
    const section = readSection(reader);
    if (section > Section.messageAnnotations) return null;
    if (section === Section.messageAnnotations) return asMap(reader.value());
    reader.skip();
  }
  return null;
}

const REPLY_TO_FIELD = 4;

/** Reads what the hub's own nodes need of a message. */
export function decodeRequest(payload: Buffer): Request {
  const request: Request = { messageId: null, replyTo: null, properties: new Map(), body: null };
  const reader = new Reader(payload);
  while (reader.remaining > 0) {
    const section = readSection(reader);
    if (section === Section.properties) readProperties(reader, request);
    else if (section === Section.applicationProperties) request.properties = asMap(reader.value());
    else if (section === Section.value || section === Section.data) request.body = reader.value();
    else reader.skip();
  }
  return request;
}

function readProperties(reader: Reader, request: Request): void {
  const { count } = reader.enter('list');
  for (let field = 0; field < count; field++) {
    const start = reader.position;
    if (field === REPLY_TO_FIELD) {
      const replyTo = reader.value();
      request.replyTo = typeof replyTo === 'string' ? replyTo : null;
    } else {
      reader.skip();
      if (field === 0) request.messageId = reader.buffer.subarray(start, reader.position);
    }
  }
}

function asMap(value: AmqpValue): AmqpMap {
  if (value instanceof Map) return value;
  throw decodeError('a message section that is not a map');
}
