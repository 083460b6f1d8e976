import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import { EVENT_TYPES, type EventSource, type EventType } from '../../../lib/domain/event-types.ts';
import { orderEvent } from '../../../lib/domain/order-events.ts';
import type { WebhookBody } from '../../../lib/integration/webhook.ts';
import { fieldProblem, Problem } from '../http/problem.ts';
import { fieldErrors } from '../http/validation.ts';
import { knownMembers, type Picker } from './known-members.ts';

type Fact = WebhookBody['events'][number];

/** What every fact about an order says, besides what its type asks for. */
interface FactData {
  order_id: string;
  op_key?: string;
  provider?: string;
  provider_ref?: string;
  carrier?: string;
}

const time = Compile(CloudEventEnvelope.properties.time);

interface Reader {
  validator: Validator;
  pick: Picker;
}

const readers = new Map<EventType, Reader>();

function readerOf(type: EventType): Reader {
  const known = readers.get(type);
  if (known) return known;
  const data: TSchema = EVENT_TYPES[type].data;
  const reader = { validator: Compile(data) as Validator, pick: knownMembers(data) };
  readers.set(type, reader);
  return reader;
}

const mayBeSaidBy = (type: string, source: EventSource): type is EventType =>
  Object.hasOwn(EVENT_TYPES, type) && EVENT_TYPES[type as EventType].source === source;

/** The column that keeps a provider's reference holds nothing else. */
const PRINTABLE_ASCII = /^[!-~]+$/;

/** Only what the type knows goes on: whatever else a provider sends, card data among it, ends here. */
function checkedData(fact: Fact, type: EventType, pointer: string): FactData {
  const { validator, pick } = readerOf(type);
  const { data } = fact;
  if (validator.Check(data)) return pick(data) as FactData;
  const errors = fieldErrors(validator.Errors(data), `${pointer}/data`);
  const detail = `${errors[0]?.pointer ?? pointer} ${errors[0]?.message ?? 'is not valid'}; none of the facts was taken`;
  throw new Problem('validation_failed', detail, { errors });
}

/**
 * A fact of a provider or a carrier as an event, with the fact's own id: sent again it is the same event.
 * @param source who signed: providers speak of payments only, carriers of parcels and returned goods only
 * @throws {Problem} validation_failed, pointing at the fact by its index
 */
export function factEvent(fact: Fact, index: number, source: 'provider' | 'carrier', traceparent: string) {
  const pointer = `/events/${index}`;
  const { id, type } = fact;
  if (!mayBeSaidBy(type, source))
    throw fieldProblem('validation_failed', `${pointer}/type`, `is no word of a ${source}`);
  if (!time.Check(fact.time)) throw fieldProblem('validation_failed', `${pointer}/time`, 'is not RFC 3339 in UTC');
  const data = checkedData(fact, type, pointer);
  if (data.provider_ref !== undefined && !PRINTABLE_ASCII.test(data.provider_ref))
    throw fieldProblem('validation_failed', `${pointer}/data/provider_ref`, 'is not printable ASCII');
  return orderEvent(type, data, {
    ...{ id, time: fact.time, traceparent },
    source: source === 'provider' ? `/psp/${data.provider}` : `/carrier/${data.carrier ?? 'goods-in'}`,
    ...(data.op_key !== undefined && { causationid: data.op_key }),
  });
}
