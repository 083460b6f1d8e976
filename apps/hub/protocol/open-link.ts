import { decodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { type AttachFrame, Source, Target } from '../amqp/performatives.ts';
import type { AmqpMap } from '../amqp/reader.ts';
import type { Encode } from '../amqp/writer.ts';
import type { Hub } from '../broker/hub.ts';
import type { Partition } from '../broker/partition.ts';
import { type Address, entityPath, parseSource, parseTarget } from './address.ts';
import { answerCbs } from './cbs.ts';
import { ConsumeLink } from './consume-link.ts';
import { IDEMPOTENT, IdempotentPublishLink } from './idempotent-publish-link.ts';
import { encodeSource, encodeTarget } from './link.ts';
import { answerManagement, entityNotFound, partitionNotFound } from './management.ts';
import { PublishLink } from './publish-link.ts';
import { RequestLink } from './request-link.ts';
import { ResponseLink } from './response-link.ts';
import { parseSelector, SELECTOR_FILTER, selectorOf } from './selector.ts';
import type { Session } from './session.ts';

const EPOCH = 'com.microsoft:epoch';
const RECEIVER_NAME = 'com.microsoft:receiver-name';
const RUNTIME_METRICS = 'com.microsoft:enable-receiver-runtime-metric';
/** The filter's descriptor, registered by the Apache Qpid project. */
const SELECTOR_DESCRIPTOR = 0x468c00000004;
const UNSETTLED = 0;

/** Answers an attach: opens the link the client asks for, or refuses it with the reason. */
export function openLink(session: Session, attach: AttachFrame): void {
  const refuse = (error: unknown) => {
    if (!(error instanceof AmqpError)) throw error;
    session.refuse(attach, error);
  };
  try {
    const opening = attach.role ? openForReceiver(session, attach) : openForSender(session, attach);
    opening?.catch(refuse).catch((error: unknown) => session.connection.crashed(error));
  } catch (error) {
    refuse(error);
  }
}

const addressOf = (terminus: { address: unknown } | null): string =>
  typeof terminus?.address === 'string' ? terminus.address : '';

function openForSender(session: Session, attach: AttachFrame): Promise<void> | undefined {
  const text = addressOf(decodeComposite(Target, attach.target));
  const path = entityPath(text);
  const address = parseTarget(path);
  if (address === null) throw entityNotFound(text);
  if (address.node === 'publish') return openPublish(session, attach, text, address);
  const link =
    address.node === 'cbs'
      ? new RequestLink(session, attach, '$cbs', answerCbs)
      : new RequestLink(session, attach, '$management', answerManagement);
  session.add(link);
  link.open(attach);
  return undefined;
}

function openForReceiver(session: Session, attach: AttachFrame): Promise<void> | undefined {
  const source = decodeComposite(Source, attach.source);
  const text = addressOf(source);
  const path = entityPath(text);
  const address = parseSource(path);
  if (address === null) throw entityNotFound(text);
  if (address.node === 'consume') return openConsume(session, attach, text, address, source!.filter);
  const link = new ResponseLink(session, attach, address.node === 'cbs' ? '$cbs' : '$management');
  session.add(link);
  link.open(attach);
  return undefined;
}

function openPublish(
  session: Session,
  attach: AttachFrame,
  text: string,
  address: Address & { node: 'publish' },
): Promise<void> | undefined {
  const path = entityPath(text);
  const hub = findHub(session, address.hub);
  const partition = address.partition === null ? null : findPartition(hub, address.partition);
  session.connection.access.requireClaim(path, 'Send');
  if (attach.desiredCapabilities?.includes(IDEMPOTENT)) {
    if (partition === null) {
      throw new AmqpError(
        Condition.argumentError,
        'Idempotent publishing needs a partition in the address of the link.',
      );
    }
    const link = new IdempotentPublishLink(session, attach, path, hub, partition);
    session.add(link);
    return link.openIdempotent(attach, encodeTarget(text));
  }
  const link = new PublishLink(session, attach, path, hub, partition);
  session.add(link);
  link.open(attach, encodeTarget(text));
  return undefined;
}

function openConsume(
  session: Session,
  attach: AttachFrame,
  text: string,
  address: Address & { node: 'consume' },
  filter: AmqpMap | null,
): Promise<void> {
  const path = entityPath(text);
  const hub = findHub(session, address.hub);
  if (!hub.hasGroup(address.group)) throw entityNotFound(`${hub.name}|${address.group}`);
  const partition = findPartition(hub, address.partition);
  session.connection.access.requireClaim(path, 'Listen');
  const selector = selectorOf(filter);
  const link = new ConsumeLink(session, attach, path, {
    hub: hub.name,
    partition,
    readers: partition.readersOf(address.group),
    position: parseSelector(selector),
    epoch: epochOf(attach),
    name: String(attach.properties?.get(RECEIVER_NAME) ?? attach.name),
    runtimeMetrics: attach.desiredCapabilities?.includes(RUNTIME_METRICS) ?? false,
    unsettled: attach.sndSettleMode === UNSETTLED,
  });
  session.add(link);
  return link.open(attach, encodeSource(text, selector === null ? null : encodeSelector(selector)));
}

const encodeSelector =
  (selector: string): Encode =>
  (writer) =>
    writer.symbolMap({
      [SELECTOR_FILTER]: (value) => value.described(SELECTOR_DESCRIPTOR, (inner) => inner.string(selector)),
    });

function epochOf(attach: AttachFrame): bigint | null {
  const epoch = attach.properties?.get(EPOCH) ?? null;
  if (epoch === null) return null;
  if (typeof epoch !== 'number' && typeof epoch !== 'bigint') {
    throw new AmqpError(Condition.argumentError, `${EPOCH} is not a number`);
  }
  return BigInt(epoch);
}

function findHub(session: Session, name: string): Hub {
  const hub = session.connection.context.broker.hub(name);
  if (hub === undefined) throw entityNotFound(name);
  return hub;
}

function findPartition(hub: Hub, id: string): Partition {
  const partition = hub.partition(id);
  if (partition === undefined) throw partitionNotFound(hub, id);
  return partition;
}
