import { type TProperties, Type } from 'typebox';
import { CustomerRef, PaymentChoice, plainText } from '../../../lib/domain/fields.ts';
import { returnIdFor } from '../../../lib/domain/ids.ts';
import { OrderAmendedData, ReturnRequestedData } from '../../../lib/domain/shop-events.ts';
import { fieldProblem } from '../http/problem.ts';
import { possibleActions } from '../orders/possible-actions.ts';
import { refuseDigitsForToken } from '../orders/take-order.ts';
import { type Command, command } from './command.ts';
import { notPossible, refuseExcess } from './rules.ts';

/** Who asks has to say whose order it is: the id alone opens nothing. */
const customerBody = <Fields extends TProperties>(fields: Fields) =>
  Type.Object({ customer: CustomerRef, ...fields }, { additionalProperties: false });

const { lines: amendedLines } = OrderAmendedData.properties;
const { lines: returnedLines, reason: returnReason } = ReturnRequestedData.properties;

const cancel = command(customerBody({ reason: Type.Optional(plainText(200)) }), {
  name: 'cancel',
  summary: 'The customer wants out.',
  type: 'oms.order.cancel_requested.v1',
  early: true,
  check: (order) => {
    if (!possibleActions(order).cancel) throw notPossible(order, 'cancel');
  },
  data: ({ orderId, body: { reason } }) => ({ order_id: orderId, ...(reason !== undefined && { reason }) }),
});

const amend = command(customerBody({ lines: amendedLines }), {
  name: 'amend',
  summary: 'The customer takes less; 0 leaves a line out, lines that are not named stay.',
  type: 'oms.order.amended.v1',
  check: (order, { body: { lines } }) => {
    if (!possibleActions(order).amend) throw notPossible(order, 'amend');
    refuseExcess(lines, order.lines);
    const left = order.lines.some(({ line, quantity }) => {
      const wanted = lines.find((each) => each.line === line);
      return (wanted?.quantity ?? quantity) > 0;
    });
    if (!left) throw fieldProblem('validation_failed', '/lines', 'leave nothing of the order: cancel it instead');
  },
  data: ({ orderId, body: { lines } }) => ({ order_id: orderId, lines }),
});

const paymentMethod = command(customerBody({ payment: PaymentChoice }), {
  name: 'payment-method',
  summary: 'Another way to pay.',
  type: 'oms.payment.method_replaced.v1',
  check: (order, { body: { payment } }) => {
    refuseDigitsForToken(payment);
    if (!possibleActions(order).payment_method) throw notPossible(order, 'payment-method');
  },
  data: ({ orderId, body: { payment } }) => ({ order_id: orderId, payment }),
});

const mfa = command(customerBody({}), {
  name: 'mfa',
  summary: 'The customer has passed the second factor.',
  type: 'oms.payment.mfa_completed.v1',
  check: (order) => {
    if (!possibleActions(order).mfa) throw notPossible(order, 'mfa');
  },
  data: ({ orderId }) => ({ order_id: orderId }),
});

const returns = command(customerBody({ reason: returnReason, lines: returnedLines }), {
  name: 'returns',
  summary: 'The customer means to send something back.',
  type: 'oms.return.requested.v1',
  check: (order, { body: { lines } }) => {
    const { possible, lines: limits } = possibleActions(order).returns;
    if (!possible) throw notPossible(order, 'returns');
    refuseExcess(lines, limits);
  },
  names: ({ orderId, key }) => ({ return_id: returnIdFor(orderId, key) }),
  data: ({ orderId, key, body: { reason, lines } }) => ({
    order_id: orderId,
    return_id: returnIdFor(orderId, key),
    ...{ reason, lines },
  }),
});

/** What a customer can ask about an order: POST /api/orders/{id}/{name}. */
export const CUSTOMER_COMMANDS: readonly Command[] = [cancel, amend, paymentMethod, mfa, returns];
