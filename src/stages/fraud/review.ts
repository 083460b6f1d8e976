import { hash } from 'node:crypto';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { findAdminToken, findProducer } from '../runs/targets.ts';

export type Decision = 'approve' | 'reject';

export interface ReviewOptions {
  decision: Decision;
  orderIds: readonly string[];
  note: string | undefined;
  /** Who decides, for the order's record. */
  by: string | undefined;
  /** The order API; default is the local stack's. */
  url: string | undefined;
}

export interface Reviewed {
  order_id: string;
  /** `accepted`: the decision is on its way to the order. */
  result: 'accepted' | 'refused';
  /** Why it was refused. */
  detail: string | null;
}

export interface ReviewResult {
  decision: Decision;
  orders: Reviewed[];
}

const ANSWER_TIMEOUT_MS = 5_000;

async function findToken(url: string, context: Context): Promise<string> {
  const token = await findAdminToken(url, context);
  if (token !== undefined) return token;
  throw new OmsError('credential_missing', `there is no token of the staff for ${url}`, {
    next: ['set OMS_ADMIN_TOKEN to the one the order API was started with'],
  });
}

function detailOf(body: string): string {
  try {
    const { detail, title } = JSON.parse(body) as { detail?: string; title?: string };
    return detail ?? title ?? body;
  } catch {
    return body.slice(0, 300);
  }
}

const REFUSALS = new Set([400, 404, 409, 422]);

function judge(orderId: string, { status, body }: { status: number; body: string }): Reviewed {
  if (status === 202) return { order_id: orderId, result: 'accepted', detail: null };
  if (REFUSALS.has(status)) return { order_id: orderId, result: 'refused', detail: detailOf(body) };
  if (status === 401 || status === 403) {
    throw new OmsError('refused', 'the order API does not know this token of the staff', {
      why: detailOf(body),
      next: ['set OMS_ADMIN_TOKEN to the one the order API was started with'],
    });
  }
  throw new OmsError('producer_unreachable', `the order API answered ${status}`, {
    why: detailOf(body),
    next: ['oms status'],
  });
}

interface Desk {
  api: OrderApi;
  token: string;
  url: string;
}

/** The same decision always carries the same key: asking twice decides once. */
async function decide({ api, token, url }: Desk, orderId: string, options: ReviewOptions): Promise<Reviewed> {
  const { decision, note, by } = options;
  const path = `/api/admin/orders/${orderId}/review/${decision}`;
  const body = JSON.stringify({ ...(by !== undefined && { by }), ...(note !== undefined && { note }) });
  const key = `cli-${hash('sha256', `${path}|${body}`).slice(0, 32)}`;
  const answer = await api.request({ method: 'POST', path, body, key, token }).catch((error: unknown) => {
    throw new OmsError('producer_unreachable', `the order API at ${url} does not answer`, {
      why: messageOf(error),
      next: ['oms status', 'oms up'],
      cause: error,
    });
  });
  return judge(orderId, answer);
}

/**
 * Decides on orders in review, through the order API; an order that is not in review is said to be refused, and the
 * others go on.
 * @throws {OmsError} when there is no token, it is not accepted, or the API does not answer
 */
export async function review(options: ReviewOptions, context: Context): Promise<ReviewResult> {
  const url = await findProducer({ url: options.url }, context);
  const token = await findToken(url, context);
  const { openOrderApi } = await import('../../adapters/http/order-api.ts');
  const api = openOrderApi(url, { connections: 1, timeoutMs: ANSWER_TIMEOUT_MS });
  try {
    const orders: Reviewed[] = [];
    for (const orderId of options.orderIds) {
      if (context.signal.aborted) throw context.signal.reason;
      orders.push(await decide({ api, token, url }, orderId, options));
    }
    return { decision: options.decision, orders };
  } finally {
    await api.close();
  }
}
