import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { Uuid } from '../../../../lib/domain/fields.ts';
import { ApiProblem } from '../../api/api-problem.ts';
import { Orders, type Request } from '../../api/orders.ts';
import { callOf } from '../../http/call.ts';
import { Form } from '../../http/form.ts';
import { pageNotFound } from '../../http/page-error.ts';
import type { WebParts } from '../../parts.ts';
import { paymentOf } from '../checkout/payment-choices.ts';
import { Visitor } from '../visitor.ts';
import { RETURN_REASONS } from './order-actions.ts';

const isOrderId = Compile(Uuid);

/** Lines of a form whose fields come in pairs. */
function linesOf(form: Form): { line: number; quantity: number }[] {
  const quantities = form.texts('quantity').map(Number);
  return form.texts('line').map((line, index) => ({ line: Number(line), quantity: quantities[index] ?? 0 }));
}

type Body = Record<string, unknown>;

/** What the API is asked, from the fields of each form; undefined when nothing was chosen. */
const BODIES: Record<Request, (form: Form) => Body | undefined> = {
  cancel: () => ({}),
  mfa: () => ({}),
  amend: (form) => ({ lines: linesOf(form) }),
  'payment-method': (form) => {
    const payment = paymentOf(form.text('payment'));
    return payment && { payment };
  },
  returns: (form) => {
    const lines = linesOf(form).filter(({ quantity }) => quantity > 0);
    const reason = form.text('reason');
    return lines.length > 0 ? { lines, reason: Object.hasOwn(RETURN_REASONS, reason) ? reason : 'other' } : undefined;
  },
};

/** The word for the address of the order's page. */
function newsOf({ status, code }: ApiProblem): string {
  if (status >= 500) return 'away';
  return code === 'invalid_transition' ? 'late' : 'refused';
}

async function pass(
  orders: Orders,
  parts: WebParts,
  request: FastifyRequest,
  about: { id: string; request: Request; customer: string },
): Promise<string> {
  const form = new Form(request.body);
  const body = BODIES[about.request](form);
  if (!body) return 'news=nothing';
  const command = { ...callOf(request), idempotencyKey: form.key(), body: { customer: about.customer, ...body } };
  try {
    await orders.ask(about.id, about.request, command);
    return `news=asked&after=${form.count('version') ?? 0}`;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, code, message: reason } = error;
    parts.logger.warn({ traceId: request.tracing.traceId, status, code, reason }, 'request about an order not taken');
    return `news=${newsOf(error)}`;
  }
}

/** POST /orders/{id}/cancel, /amend, /payment-method, /mfa and /returns, for the browser that has ordered. */
export function addRequestRoutes(app: FastifyInstance, parts: WebParts): void {
  const orders = new Orders(parts.api);
  for (const request of Object.keys(BODIES) as Request[]) {
    app.post<{ Params: { id: string } }>(`/orders/:id/${request}`, async (message, reply: FastifyReply) => {
      const { id } = message.params;
      const customer = new Visitor(message, reply, parts).knownCustomer;
      if (!isOrderId.Check(id) || !customer) throw pageNotFound();
      const told = await pass(orders, parts, message, { id, request, customer });
      return reply.redirect(`/orders/${id}?${told}`, 303);
    });
  }
}
