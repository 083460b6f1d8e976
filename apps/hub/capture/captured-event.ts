import { readSection, Section } from '../amqp/message.ts';
import { Reader } from '../amqp/reader.ts';
import { ADDED_COUNT } from '../storage/record-batch.ts';
import { type PropertyValue, readPropertyValue } from './property-values.ts';

/** What a captured file says of an event beside its place and time. */
export interface CapturedContent {
  /** Annotations, such as the partition key, and the message's own properties. */
  systemProperties: Array<[string, PropertyValue]>;
  /** What the sender added: the application properties. */
  properties: Array<[string, PropertyValue]>;
  /** null when the event has no AMQP data section. */
  body: Buffer | null;
}

/** The fields of AMQP's properties section in their order (part 3.2.4). */
const PROPERTY_FIELDS = [
  'message-id',
  'user-id',
  'to',
  'subject',
  'reply-to',
  'correlation-id',
  'content-type',
  'content-encoding',
  'absolute-expiry-time',
  'creation-time',
  'group-id',
  'group-sequence',
  'reply-to-group-id',
];

/**
 * Reads a message of a record batch. That its bytes are well-formed was checked when it came in; what stands in its sections was
 * not, and an event with sections of other types than AMQP's keeps its body alone.
 */
export function readContent(message: Buffer, start: number, end: number): CapturedContent {
  try {
    return readSections(new Reader(message, start, end), readAny);
  } catch {
    return readSections(new Reader(message, start, end), readBody);
  }
}

type ReadSection = (section: number, reader: Reader, content: CapturedContent) => void;

function readSections(reader: Reader, read: ReadSection): CapturedContent {
  const content: CapturedContent = { systemProperties: [], properties: [], body: null };
  while (reader.remaining > 0) read(readSection(reader), reader, content);
  return content;
}

function readAny(section: number, reader: Reader, content: CapturedContent): void {
  if (section === Section.messageAnnotations) readAnnotations(reader, content);
  else if (section === Section.properties) readProperties(reader, content);
  else if (section === Section.applicationProperties) readApplicationProperties(reader, content);
  else readBody(section, reader, content);
}

function readBody(section: number, reader: Reader, content: CapturedContent): void {
  const value = section === Section.data ? reader.value() : reader.skip();
  if (Buffer.isBuffer(value)) addBody(content, value);
}

type Found = (name: string, value: PropertyValue) => void;

/** @param except keys and values at the end that are passed over */
function readMap(reader: Reader, except: number, found: Found): void {
  const { count, end } = reader.enter('map');
  for (let i = 0; i < count - except; i += 2) found(String(reader.value()), readPropertyValue(reader));
  reader.position = end;
}

function readApplicationProperties(reader: Reader, { properties }: CapturedContent): void {
  readMap(reader, 0, (name, value) => properties.push([name, value]));
}

/** What the hub added itself has fields of its own in the file. */
function readAnnotations(reader: Reader, { systemProperties }: CapturedContent): void {
  readMap(reader, ADDED_COUNT, (name, value) => {
    if (value.type !== 'null') systemProperties.push([name, value]);
  });
}

function readProperties(reader: Reader, { systemProperties }: CapturedContent): void {
  const { count, end } = reader.enter('list');
  for (let field = 0; field < count && field < PROPERTY_FIELDS.length; field++) {
    const value = readPropertyValue(reader);
    if (value.type !== 'null') systemProperties.push([PROPERTY_FIELDS[field]!, value]);
  }
  reader.position = end;
}

/** A body may come in several sections, which are one after another. */
function addBody(content: CapturedContent, bytes: Buffer): void {
  content.body = content.body === null ? bytes : Buffer.concat([content.body, bytes]);
}
