import { type Composite, composite, type Decoded, decodeFields, encodeComposite } from './composites.ts';
import { type Condition, decodeError } from './errors.ts';
import type { Reader } from './reader.ts';
import type { Encode } from './writer.ts';

// The performatives and termini of AMQP 1.0 as data: parts 2.7, 2.8, 3.4, 3.5 and 5.3.3.

export const Open = composite('open', 0x10, {
  containerId: 'string!',
  hostname: 'string',
  maxFrameSize: 'uint',
  channelMax: 'ushort',
  idleTimeOut: 'uint',
  outgoingLocales: 'symbols',
  incomingLocales: 'symbols',
  offeredCapabilities: 'symbols',
  desiredCapabilities: 'symbols',
  properties: 'map',
});
export const Begin = composite('begin', 0x11, {
  remoteChannel: 'ushort',
  nextOutgoingId: 'uint!',
  incomingWindow: 'uint!',
  outgoingWindow: 'uint!',
  handleMax: 'uint',
  offeredCapabilities: 'symbols',
  desiredCapabilities: 'symbols',
  properties: 'map',
});
export const Attach = composite('attach', 0x12, {
  name: 'string!',
  handle: 'uint!',
  role: 'boolean!',
  sndSettleMode: 'ubyte',
  rcvSettleMode: 'ubyte',
  source: 'any',
  target: 'any',
  unsettled: 'map',
  incompleteUnsettled: 'boolean',
  initialDeliveryCount: 'uint',
  maxMessageSize: 'ulong',
  offeredCapabilities: 'symbols',
  desiredCapabilities: 'symbols',
  properties: 'map',
});
export const Flow = composite('flow', 0x13, {
  nextIncomingId: 'uint',
  incomingWindow: 'uint!',
  nextOutgoingId: 'uint!',
  outgoingWindow: 'uint!',
  handle: 'uint',
  deliveryCount: 'uint',
  linkCredit: 'uint',
  available: 'uint',
  drain: 'boolean',
  echo: 'boolean',
  properties: 'map',
});
export const Transfer = composite('transfer', 0x14, {
  handle: 'uint!',
  deliveryId: 'uint',
  deliveryTag: 'binary',
  messageFormat: 'uint',
  settled: 'boolean',
  more: 'boolean',
  rcvSettleMode: 'ubyte',
  state: 'any',
  resume: 'boolean',
  aborted: 'boolean',
  batchable: 'boolean',
});
export const Disposition = composite('disposition', 0x15, {
  role: 'boolean!',
  first: 'uint!',
  last: 'uint',
  settled: 'boolean',
  state: 'any',
  batchable: 'boolean',
});
export const Detach = composite('detach', 0x16, { handle: 'uint!', closed: 'boolean', error: 'any' });
export const End = composite('end', 0x17, { error: 'any' });
export const Close = composite('close', 0x18, { error: 'any' });
export const ErrorFields = composite('error', 0x1d, { condition: 'symbol!', description: 'string', info: 'map' });
export const Accepted = composite('accepted', 0x24, {});
export const Rejected = composite('rejected', 0x25, { error: 'any' });
export const Source = composite('source', 0x28, {
  address: 'any',
  durable: 'uint',
  expiryPolicy: 'symbol',
  timeout: 'uint',
  dynamic: 'boolean',
  dynamicNodeProperties: 'map',
  distributionMode: 'symbol',
  filter: 'map',
  defaultOutcome: 'any',
  outcomes: 'symbols',
  capabilities: 'symbols',
});
export const Target = composite('target', 0x29, {
  address: 'any',
  durable: 'uint',
  expiryPolicy: 'symbol',
  timeout: 'uint',
  dynamic: 'boolean',
  dynamicNodeProperties: 'map',
  capabilities: 'symbols',
});
export const SaslMechanisms = composite('sasl-mechanisms', 0x40, { mechanisms: 'symbols!' });
export const SaslInit = composite('sasl-init', 0x41, {
  mechanism: 'symbol!',
  initialResponse: 'binary',
  hostname: 'string',
});
export const SaslOutcome = composite('sasl-outcome', 0x44, { code: 'ubyte!', additionalData: 'binary' });

export type OpenFrame = Decoded<typeof Open>;
export type BeginFrame = Decoded<typeof Begin>;
export type AttachFrame = Decoded<typeof Attach>;
export type FlowFrame = Decoded<typeof Flow>;
export type TransferFrame = Decoded<typeof Transfer>;
export type DispositionFrame = Decoded<typeof Disposition>;
export type DetachFrame = Decoded<typeof Detach>;
export type SaslInitFrame = Decoded<typeof SaslInit>;

/** A performative as it arrived. */
export type Performative =
  | { type: 'open'; fields: OpenFrame }
  | { type: 'begin'; fields: BeginFrame }
  | { type: 'attach'; fields: AttachFrame }
  | { type: 'flow'; fields: FlowFrame }
  | { type: 'transfer'; fields: TransferFrame }
  | { type: 'disposition'; fields: DispositionFrame }
  | { type: 'detach'; fields: DetachFrame }
  | { type: 'end'; fields: Decoded<typeof End> }
  | { type: 'close'; fields: Decoded<typeof Close> }
  | { type: 'sasl-init'; fields: SaslInitFrame };

const ACCEPTED_FROM_PEER = [Open, Begin, Attach, Flow, Transfer, Disposition, Detach, End, Close, SaslInit];
const BY_DESCRIPTOR = new Map<unknown, Composite<Record<string, never>>>(
  ACCEPTED_FROM_PEER.flatMap((type) => {
    const any = type as unknown as Composite<Record<string, never>>;
    return [
      [type.descriptor, any],
      [`amqp:${type.name}:list`, any],
    ];
  }),
);

/** Reads the performative at the start of a frame's body; what follows it is the payload. */
export function decodePerformative(reader: Reader): Performative {
  const descriptor = reader.descriptor();
  const type = BY_DESCRIPTOR.get(descriptor);
  if (type === undefined) throw decodeError(`unexpected performative ${String(descriptor)}`);
  return { type: type.name, fields: decodeFields(type, reader.value()) } as Performative;
}

/** A writer of the error that goes with a detach, end, close or rejected state. */
export const encodeError = (condition: Condition, description: string): Encode =>
  encodeComposite(ErrorFields, { condition, description });
