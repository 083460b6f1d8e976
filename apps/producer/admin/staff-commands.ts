import { Type } from 'typebox';
import { plainText } from '../../../lib/domain/fields.ts';
import { RefundRequestedData } from '../../../lib/domain/shop-events.ts';
import { whyNoCancel, whyNoRefund, whyNoReview } from '../../../lib/process/allowed-actions.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { type Asked, type Command, command } from '../commands/command.ts';
import { refuseImpossible } from '../commands/rules.ts';
import { checkId } from '../http/ids.ts';
import { fieldProblem, Problem } from '../http/problem.ts';
import { Note, nameOf, staffBody } from './staff.ts';

const cancel = command(staffBody({ reason: Type.Optional(plainText(200)) }), {
  name: 'staff-cancel',
  summary: "Cancels in the customer's name.",
  type: 'oms.order.cancel_requested.v1',
  early: true,
  check: (order) => refuseImpossible(order, whyNoCancel(order)),
  data: ({ orderId, body: { reason } }) => ({ order_id: orderId, ...(reason !== undefined && { reason }) }),
});

const { amount_minor, reason } = RefundRequestedData.properties;

const refund = command(staffBody({ amount_minor, reason }), {
  name: 'refund',
  summary: 'Money back out of goodwill, beside any return.',
  type: 'oms.refund.requested.v1',
  check: (order, { body }) => {
    refuseImpossible(order, whyNoRefund(order));
    const why = whyNoRefund(order, body.amount_minor);
    if (why) throw fieldProblem('quantity_exceeded', '/amount_minor', `is too much: ${why}`);
  },
  data: ({ orderId, body }) => ({
    order_id: orderId,
    amount_minor: body.amount_minor,
    by: nameOf(body),
    reason: body.reason,
  }),
});

const noted = ({ body }: Asked<{ note?: string }>) => ({
  by: nameOf(body),
  ...(body.note !== undefined && { note: body.note }),
});

const review = (name: 'approve' | 'reject', type: 'oms.review.approved.v1' | 'oms.review.rejected.v1') =>
  command(staffBody({ note: Note }), {
    name: `review-${name}`,
    summary: `A person finds the order ${name === 'approve' ? 'good' : 'fraudulent'}.`,
    type,
    check: (order) => refuseImpossible(order, whyNoReview(order)),
    data: (asked) => ({ order_id: asked.orderId, ...noted(asked) }),
  });

function refuseDecided(order: OrderState, returnId: string): void {
  const found = order.returns.find((each) => each.returnId === returnId);
  if (!found) throw new Problem('not_found', 'the order has no such return');
  refuseImpossible(order, found.state === 'requested' ? null : `a return that is ${found.state} cannot be decided on`);
}

const decideReturn = (name: 'approve' | 'deny', type: 'oms.return.approved.v1' | 'oms.return.denied.v1') =>
  command(staffBody({ note: Note }), {
    name: `return-${name}`,
    summary: `A return may ${name === 'approve' ? '' : 'not '}come.`,
    type,
    check: (order, { params }) => refuseDecided(order, checkId(params.returnId!)),
    data: (asked) => ({ order_id: asked.orderId, return_id: asked.params.returnId!, ...noted(asked) }),
  });

/** What the staff can ask about an order, by path; `again` where asking twice means two things. */
export const STAFF_COMMANDS: readonly { path: string; command: Command; again?: true }[] = [
  { path: '/api/admin/orders/:id/cancel', command: cancel },
  { path: '/api/admin/orders/:id/refund', command: refund, again: true },
  { path: '/api/admin/orders/:id/review/approve', command: review('approve', 'oms.review.approved.v1') },
  { path: '/api/admin/orders/:id/review/reject', command: review('reject', 'oms.review.rejected.v1') },
  { path: '/api/admin/returns/:id/:returnId/approve', command: decideReturn('approve', 'oms.return.approved.v1') },
  { path: '/api/admin/returns/:id/:returnId/deny', command: decideReturn('deny', 'oms.return.denied.v1') },
];
