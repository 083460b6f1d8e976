import { Compile, type Validator } from 'typebox/compile';
import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import { EVENT_TYPES, type EventType } from '../../../lib/domain/event-types.ts';
import { answerEventId } from '../../../lib/domain/ids.ts';
import { orderEvent } from '../../../lib/domain/order-events.ts';
import type { ExternalOp } from '../../../lib/process/external-op.ts';
import { type Answer, OutcomeUnknownError } from './performer.ts';

const validators = new Map<string, Validator>();

function validatorOf(type: EventType): Validator {
  let validator = validators.get(type);
  if (!validator) {
    validator = Compile(EVENT_TYPES[type].data);
    validators.set(type, validator);
  }
  return validator;
}

/**
 * The event that tells the order what became of a request.
 * @param source `/psp/<name>` or `/carrier/<name>`
 * @throws {OutcomeUnknownError} when the answer does not fit the contract: what a provider says is never trusted so far
 *   that the consumer could stumble over it
 */
export function answerEvent(op: ExternalOp, key: string, source: string, answer: Answer): CloudEventEnvelope {
  const { type, data } = answer;
  const validator = validatorOf(type);
  if (!validator.Check(data)) {
    const [error] = validator.Errors(data);
    throw new OutcomeUnknownError(`${source} answered with ${type} ${error?.instancePath} ${error?.message}`);
  }
  return orderEvent(type, data, {
    id: answerEventId(key, type),
    source,
    time: new Date().toISOString(),
    causationid: key,
    ...(op.request.simulation ? { synthetic: true } : {}),
  });
}

/** Provider's codes in the form that events carry: lower case, digits, underscores, at most 32. */
export function toCode(text: string | undefined): string {
  const code = (text ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return code.slice(0, 32) || 'unknown';
}
