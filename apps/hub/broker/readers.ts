import { AmqpError, Condition } from '../amqp/errors.ts';

/** Readers without an owner level that one partition takes in one consumer group, as the service. */
const MAX_READERS = 5;

/** A link that reads a partition in a consumer group. */
export interface Reader {
  /** The client's name for itself; for error texts. */
  readonly name: string;
  /** The owner level; null when the reader does not claim the partition for itself. */
  readonly epoch: bigint | null;
  /** Sequence number of the next event it gets. */
  readonly next: number;
  /** Tells the client that another reader took the partition over, and ends the link. */
  disconnect(error: AmqpError): void;
}

const levelOf = (reader: Reader): bigint => reader.epoch ?? -1n;

/** Who reads one partition in one consumer group. An owner level, once there, keeps everyone below it out. */
export class Readers {
  readonly #readers = new Set<Reader>();

  [Symbol.iterator](): IterableIterator<Reader> {
    return this.#readers.values();
  }

  get size(): number {
    return this.#readers.size;
  }

  /**
   * Lets a reader in; those it outranks are disconnected.
   * @throws {AmqpError} stolen when an owner has a higher level, resource-limit-exceeded when there are too many
   */
  add(reader: Reader): void {
    const owner = [...this.#readers].find((other) => other.epoch !== null);
    if (owner !== undefined && levelOf(owner) > levelOf(reader)) throw outranked(reader, owner);
    if (reader.epoch === null && this.#readers.size >= MAX_READERS) throw tooMany();
    if (reader.epoch !== null) {
      for (const other of this.#readers) {
        this.#readers.delete(other);
        other.disconnect(stolen(reader, other));
      }
    }
    this.#readers.add(reader);
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
  }
}

const outranked = (reader: Reader, owner: Reader): AmqpError =>
  new AmqpError(
    Condition.stolen,
    `At least one receiver for the endpoint is created with epoch of '${owner.epoch}', and so ` +
      `${reader.epoch === null ? 'non-epoch receiver' : `a receiver with epoch of '${reader.epoch}'`} '${reader.name}' is not allowed. ` +
      'Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.',
  );

const stolen = (reader: Reader, other: Reader): AmqpError =>
  new AmqpError(
    Condition.stolen,
    `New receiver '${reader.name}' with higher epoch of '${reader.epoch}' is created hence current receiver ` +
      `'${other.name}' with epoch '${other.epoch ?? 'none'}' is getting disconnected. ` +
      'If you are recreating the receiver, make sure a higher epoch is used.',
  );

const tooMany = (): AmqpError =>
  new AmqpError(
    Condition.resourceLimit,
    `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${MAX_READERS}. ` +
      'Close a receiver, or use another consumer group.',
  );
