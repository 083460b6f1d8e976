import { AmqpError, Condition } from '../amqp/errors.ts';
import type { EventBatch } from '../amqp/event-batch.ts';
import type { AttachFrame } from '../amqp/performatives.ts';
import { ProducerKey } from '../amqp/producer-key.ts';
import { type ProducerStamp, readClaim, stampOfBatch } from '../amqp/producer-stamp.ts';
import type { Encode } from '../amqp/writer.ts';
import type { Hub } from '../broker/hub.ts';
import type { Partition } from '../broker/partition.ts';
import type { ProducerState } from '../broker/producer-store.ts';
import type { Done } from '../broker/producers.ts';
import { PublishLink } from './publish-link.ts';
import type { Session } from './session.ts';

/** The capability by which a client asks for it. */
export const IDEMPOTENT = 'com.microsoft:idempotent-producer';

/** A link on which a client numbers its events, so that a batch it sends again is not stored again. */
export class IdempotentPublishLink extends PublishLink {
  protected override readonly idempotent = true;
  readonly #partition: Partition;
  #id: number | null = null;
  #epoch = 0;

  constructor(session: Session, attach: AttachFrame, entity: string, hub: Hub, partition: Partition) {
    super(session, attach, entity, hub, partition);
    this.#partition = partition;
  }

  /** Finds out where the producer is to go on, then confirms the attach. */
  async openIdempotent(attach: AttachFrame, target: Encode): Promise<void> {
    const state = await this.#partition.producers.register(readClaim(attach.properties)).catch((error: Error) => {
      if (this.session.has(this)) throw this.#unready(error);
      return null;
    });
    if (state === null || !this.session.has(this)) return;
    this.#id = state.id;
    this.#epoch = state.epoch;
    this.open(attach, target, { offeredCapabilities: [IDEMPOTENT], properties: encodeState(state) });
  }

  #unready(error: Error): AmqpError {
    if (error instanceof AmqpError) return error;
    this.session.connection.log.error({ err: error, entity: this.entity }, 'producers cannot be read or noted');
    return new AmqpError(
      Condition.serverBusy,
      'The server is busy: what is known of the producers of this partition cannot be read or noted.',
    );
  }

  protected override append(partition: Partition, batch: EventBatch, done: Done): void {
    try {
      const stamp = this.#checked(stampOfBatch(batch.events));
      partition.producers.append(stamp, (stored) => partition.append(batch, stored), done);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      done(error);
    }
  }

  #checked(stamp: ProducerStamp): ProducerStamp {
    if (stamp.id === this.#id && stamp.epoch === this.#epoch) return stamp;
    throw new AmqpError(
      Condition.argumentError,
      `The events are of producer ${stamp.id} in epoch ${stamp.epoch}, the link is of ${this.#id} in ${this.#epoch}.`,
    );
  }
}

const encodeState =
  ({ id, epoch, last }: ProducerState): Encode =>
  (writer) =>
    writer.symbolMap({
      [ProducerKey.epoch]: (value) => value.short(epoch),
      [ProducerKey.id]: (value) => value.long(id),
      [ProducerKey.sequence]: (value) => value.int(last),
    });
