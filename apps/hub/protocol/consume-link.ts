import { AmqpError, Condition } from '../amqp/errors.ts';
import type { AttachFrame, FlowFrame } from '../amqp/performatives.ts';
import { transferTemplate } from '../amqp/transfer-frames.ts';
import type { Partition } from '../broker/partition.ts';
import { type Position, resolvePosition } from '../broker/position.ts';
import type { Reader, Readers } from '../broker/readers.ts';
import { LogReader } from '../storage/log-reader.ts';
import { RECORD_HEADER_BYTES, type RecordBatch } from '../storage/record-batch.ts';
import { breakOff } from './fault-effects.ts';
import { encodeTarget, type Link } from './link.ts';
import { withRuntimeMetrics } from './runtime-metrics.ts';
import { after, ahead } from './serial.ts';
import type { Session } from './session.ts';

/** The JavaScript client adds credit without counting what is outstanding; beyond this it would drown. */
const MAX_CREDIT = 2000;
/** Events sent before other links get their turn. */
const TURN_EVENTS = 512;

/** What a client asked for when it attached. */
export interface ConsumeOptions {
  hub: string;
  partition: Partition;
  readers: Readers;
  position: Position;
  /** Owner level, or null. */
  epoch: bigint | null;
  name: string;
  /** Adds what the partition last enqueued to every event. */
  runtimeMetrics: boolean;
  /** The client insists on settling itself. */
  unsettled: boolean;
}

/** A message that did not fit into the session's window as a whole. */
interface Partial {
  message: Buffer;
  at: number;
  end: number;
  deliveryId: number;
}

/** A link on which a client receives the events of one partition. */
export class ConsumeLink implements Link, Reader {
  readonly handle: number;
  readonly entity: string;
  readonly name: string;
  readonly epoch: bigint | null;
  readonly #session: Session;
  readonly #options: ConsumeOptions;
  readonly #template: Buffer;
  #reader: LogReader | null = null;
  #stopListening: () => void = () => {};
  #credit = 0;
  #deliveryCount = 0;
  #drain = false;
  #partial: Partial | null = null;
  #loading = false;
  #turnPending = false;
  /** A fault switch lets the events after this one wait. */
  #held = false;
  /** A fault switch wants the next event twice. */
  #repeat = false;
  /** Sequence number of the event that the fault switches have been asked about. */
  #spared = -1;

  constructor(session: Session, attach: AttachFrame, entity: string, options: ConsumeOptions) {
    this.handle = attach.handle;
    this.entity = entity;
    this.name = options.name;
    this.epoch = options.epoch;
    this.#session = session;
    this.#options = options;
    this.#template = transferTemplate(session.channel, attach.handle, !options.unsettled);
  }

  /** Takes its place among the readers, finds its position, then confirms the attach and starts to send. */
  async open(attach: AttachFrame, source: Parameters<Session['attached']>[1]['source']): Promise<void> {
    const { partition, position, readers, runtimeMetrics, unsettled } = this.#options;
    const start = await resolvePosition(partition.log, position).catch((error: Error) => {
      if (this.#session.has(this)) throw this.#unreadable(error);
      return null;
    });
    if (start === null || !this.#session.has(this)) return;
    readers.add(this);
    this.#reader = new LogReader(partition.log, start);
    this.#session.attached(attach, {
      source,
      target: encodeTarget(null),
      settled: !unsettled,
      ...(runtimeMetrics && { offeredCapabilities: ['com.microsoft:enable-receiver-runtime-metric'] }),
    });
    this.#stopListening = partition.log.onAppend(() => this.resume());
    this.resume();
  }

  disconnect(error: AmqpError): void {
    this.#session.detach(this, error);
  }

  onFlow(flow: FlowFrame): void {
    const granted = Math.min(flow.linkCredit ?? 0, MAX_CREDIT);
    // What the client had not counted yet when it wrote the flow has used up some of it.
    const uncounted = ahead(this.#deliveryCount, flow.deliveryCount ?? 0);
    this.#credit = Math.max(0, granted - uncounted);
    this.#drain = flow.drain === true;
    this.resume();
    if (flow.echo === true && !this.#drain) this.#sendState();
  }

  get next(): number {
    return this.#reader?.next ?? this.#options.partition.log.nextSequence;
  }

  #count(events: number): void {
    this.#options.partition.delivered.add(events);
    this.#session.connection.context.delivered(this.#options.hub, events);
  }

  onTransfer(): void {
    throw new AmqpError(Condition.notAllowed, 'a transfer on a link that receives');
  }

  resume(): void {
    if (this.#reader === null || this.#loading || this.#turnPending || this.#held) return;
    if (!this.#finishPartial()) return;
    const { faults } = this.#session.connection.context;
    let turn = TURN_EVENTS;
    let sent = 0;
    while (this.#maySend()) {
      const batch = this.#reader.batch();
      if (batch === null) break;
      if (turn-- === 0) {
        this.#yieldTurn();
        break;
      }
      if (faults.active && this.#spoil(this.#reader.next)) return;
      this.#sendEvent(batch, this.#reader.next - batch.firstSequence);
      if (this.#repeat) this.#repeat = false;
      else this.#reader.advance(1);
      sent++;
    }
    if (sent > 0) this.#count(sent);
    this.#afterSending(this.#reader);
  }

  /**
   * Lets go wrong what a fault switch wants to go wrong with the next event.
   * @returns whether that was the end of the link
   */
  #spoil(sequence: number): boolean {
    if (sequence === this.#spared) return false;
    this.#spared = sequence;
    const { hub, partition } = this.#options;
    const fault = this.#session.connection.context.faults.draw('receive', hub, partition.id);
    if (fault === null) return false;
    if (fault.kind === 'delay') this.#hold(fault.delayMs);
    else if (fault.kind === 'duplicate') this.#repeat = true;
    else return breakOff(fault, this.#session, this);
    return false;
  }

  #hold(ms: number): void {
    this.#held = true;
    setTimeout(() => {
      this.#held = false;
      if (this.#session.has(this)) this.resume();
    }, ms).unref();
  }

  #maySend(): boolean {
    const { connection, remoteWindow } = this.#session;
    return (
      !this.#held && this.#credit > 0 && remoteWindow > 0 && this.#partial === null && !connection.output.congested
    );
  }

  #afterSending(reader: LogReader): void {
    if (this.#credit > 0 && reader.batch() === null && !reader.atEnd) this.#load(reader);
    else if (this.#drain && reader.atEnd && this.#partial === null) this.#drained();
  }

  #sendEvent(batch: RecordBatch, record: number): void {
    const start = batch.starts[record]! + RECORD_HEADER_BYTES;
    const end = start + batch.buffer.readUInt32BE(start - RECORD_HEADER_BYTES);
    this.#credit--;
    this.#deliveryCount = after(this.#deliveryCount);
    if (!this.#options.runtimeMetrics) {
      this.#sendMessage(batch.buffer, start, end);
      return;
    }
    const headerEnd = start + batch.buffer.readUInt32BE(start - 4);
    const message = withRuntimeMetrics(batch.buffer, start, headerEnd, end, this.#options.partition.log);
    this.#sendMessage(message, 0, message.length);
  }

  #sendMessage(message: Buffer, start: number, end: number): void {
    const deliveryId = this.#session.newDeliveryId();
    const at = this.#session.transfer(this.#template, deliveryId, message, start, end);
    if (at < end) this.#partial = { message, at, end, deliveryId };
  }

  #finishPartial(): boolean {
    const partial = this.#partial;
    if (partial === null) return true;
    partial.at = this.#session.transfer(this.#template, partial.deliveryId, partial.message, partial.at, partial.end);
    if (partial.at < partial.end) return false;
    this.#partial = null;
    return true;
  }

  #yieldTurn(): void {
    this.#turnPending = true;
    setImmediate(() => {
      this.#turnPending = false;
      if (this.#session.has(this)) this.resume();
    });
  }

  #load(reader: LogReader): void {
    this.#loading = true;
    reader.load().then(
      () => {
        this.#loading = false;
        if (this.#session.has(this)) this.resume();
      },
      (error: Error) => {
        if (this.#session.has(this)) this.#session.detach(this, this.#unreadable(error));
      },
    );
  }

  #unreadable(error: Error): AmqpError {
    if (error instanceof AmqpError) return error;
    this.#session.connection.log.error({ err: error, entity: this.entity }, 'the log cannot be read');
    return this.#options.partition.reportDamage(error);
  }

  /** The client wants its credit used up or given back. */
  #drained(): void {
    this.#deliveryCount = after(this.#deliveryCount, this.#credit);
    this.#credit = 0;
    this.#sendState();
    this.#drain = false;
  }

  #sendState(): void {
    const { nextSequence } = this.#options.partition.log;
    this.#session.sendFlow({
      handle: this.handle,
      deliveryCount: this.#deliveryCount,
      linkCredit: this.#credit,
      available: Math.min(0xffff_ffff, nextSequence - (this.#reader?.next ?? nextSequence)),
      drain: this.#drain,
    });
  }

  closed(): void {
    this.#stopListening();
    this.#options.readers.remove(this);
    this.#reader = null;
  }
}
