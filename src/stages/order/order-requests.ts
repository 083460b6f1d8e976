import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { messageOf, OmsError } from '../../errors.ts';

const TIMEOUT_MS = 5_000;
/** A request whose outcome is unknown is sent again under the same key: it is taken once. */
const TRIES = 3;

const Receipt = Type.Object({ event_id: Type.String(), return_id: Type.Optional(Type.String()) });
export type Receipt = Static<typeof Receipt>;
const receipt = Compile(Receipt);

/** What of a problem (RFC 9457) a person is told. */
const Problem = Type.Object({
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  possible: Type.Optional(Type.Array(Type.String())),
  errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }))),
});
const problem = Compile(Problem);

/** One request to the order API about an order. */
export interface OrderRequest {
  orderId: string;
  path: string;
  body: Record<string, unknown>;
  key: string;
}

/** Where requests go, and what the staff shows to be let in. */
export interface OrderDesk {
  url: string;
  adminToken: string | undefined;
}

function refusal(status: number, body: unknown, { orderId }: OrderRequest): OmsError {
  const show = `oms order show ${orderId}`;
  const said = problem.Check(body) ? body : { code: String(status) };
  const detail = said.detail ?? `the order API answered ${status}`;
  if (status === 409) {
    const why = said.possible?.length ? { why: `possible now: ${said.possible.join(', ')}` } : {};
    return new OmsError('invalid_transition', detail, { ...why, next: [show] });
  }
  if (status === 401 || status === 403) {
    const next = ['set OMS_ADMIN_TOKEN to the token of that API', 'oms up'];
    return new OmsError('refused', 'the order API does not let us in', { why: detail, next });
  }
  if (status === 404) {
    const why =
      'the order API knows neither that order, or it has no admin token (OMS_ADMIN_TOKEN) and so no admin routes';
    return new OmsError('not_found', detail, { why, next: [show, 'oms up'] });
  }
  if (status === 422 || status === 400) {
    const why = said.errors?.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
    return new OmsError('usage', detail, { ...(why && why !== detail && { why }), next: [show] });
  }
  return new OmsError('producer_unreachable', 'the order API did not take the request', {
    why: detail,
    next: ['oms status', 'oms logs producer'],
  });
}

async function post({ url, adminToken }: OrderDesk, request: OrderRequest, signal: AbortSignal) {
  const response = await fetch(new URL(request.path, url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': request.key,
      ...(isForStaff(request) && { authorization: `Bearer ${adminToken}` }),
    },
    body: JSON.stringify(request.body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isForStaff = ({ path }: OrderRequest) => path.startsWith('/api/admin/');

const isUnsure = (status: number) => status >= 500 || status === 429;

/**
 * Hands a request in; resolves when the hub has it as an event.
 * @throws {OmsError} with what is possible instead, when it is refused
 */
export async function askFor(desk: OrderDesk, request: OrderRequest, signal: AbortSignal): Promise<Receipt> {
  if (isForStaff(request) && desk.adminToken === undefined) {
    throw new OmsError('credential_missing', `the order API at ${desk.url} wants the token of the staff`, {
      next: ['set OMS_ADMIN_TOKEN to the token that API was started with'],
    });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const { status, body } = await post(desk, request, signal);
      if (status === 202 && receipt.Check(body)) return body;
      if (!isUnsure(status) || attempt === TRIES) throw refusal(status, body, request);
    } catch (error) {
      if (error instanceof OmsError) throw error;
      signal.throwIfAborted();
      if (attempt < TRIES) continue;
      throw new OmsError('producer_unreachable', `the order API at ${desk.url} does not answer`, {
        why: messageOf(error),
        next: ['oms status', 'oms up'],
      });
    }
  }
}
