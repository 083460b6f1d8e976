import { encodeComposite } from '../amqp/composites.ts';
import { Attach, type AttachFrame, type FlowFrame, Source, Target, type TransferFrame } from '../amqp/performatives.ts';
import type { Encode } from '../amqp/writer.ts';

/** One direction of messages between a client and a node of the hub. The client chooses the handle, the hub uses the same. */
export interface Link {
  readonly handle: number;
  /** The entity a claim is needed for, checked again while the link is open; null for nodes that need none. */
  readonly entity: string | null;
  onFlow(flow: FlowFrame): void;
  onTransfer(transfer: TransferFrame, payload: Buffer): void;
  /** There may be room again: in the session's window or on the socket. */
  resume(): void;
  /** The link is gone; nothing can be sent on it any more. */
  closed(): void;
}

/** What the reply to an attach says beyond what the client said. */
export interface AttachReply {
  source: Encode | null;
  target: Encode | null;
  maxMessageSize?: number;
  settled?: boolean;
  offeredCapabilities?: string[];
  properties?: Encode;
}

const SETTLED = 1;
const MIXED = 2;

/** The hub's half of an attach. A refused link is attached without the terminus that could not be found, then detached. */
export function encodeAttach(attach: AttachFrame, reply: AttachReply): Encode {
  const hubSends = attach.role;
  return encodeComposite(Attach, {
    name: attach.name,
    handle: attach.handle,
    role: !attach.role,
    sndSettleMode: reply.settled ? SETTLED : (attach.sndSettleMode ?? MIXED),
    rcvSettleMode: 0,
    source: reply.source,
    target: reply.target,
    incompleteUnsettled: false,
    initialDeliveryCount: hubSends ? 0 : null,
    maxMessageSize: reply.maxMessageSize ?? null,
    offeredCapabilities: reply.offeredCapabilities ?? null,
    // Azure's Python client takes it for granted that there is a map.
    properties: reply.properties ?? ((writer) => writer.symbolMap({})),
  });
}

const string =
  (text: string): Encode =>
  (writer) =>
    writer.string(text);

export const encodeSource = (address: string | null, filter: Encode | null = null): Encode =>
  encodeComposite(Source, { address: address === null ? null : string(address), filter });

export const encodeTarget = (address: string | null): Encode =>
  encodeComposite(Target, { address: address === null ? null : string(address) });
