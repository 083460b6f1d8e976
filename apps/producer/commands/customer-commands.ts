import { type TProperties, Type } from 'typebox';
import { CustomerRef, PaymentChoice, plainText } from '../../../lib/domain/fields.ts';
import { returnIdFor } from '../../../lib/domain/ids.ts';
import { OrderAmendedData, ReturnRequestedData } from '../../../lib/domain/shop-events.ts';
import {
  allowedActions,
  whyNoAmend,
  whyNoCancel,
  whyNoMfa,
  whyNoPaymentMethod,
  whyNoReturn,
} from '../../../lib/process/allowed-actions.ts';
import { fieldProblem } from '../http/problem.ts';
import { refuseDigitsForToken } from '../orders/take-order.ts';
import { type Command, command } from './command.ts';
import { refuseExcess, refuseImpossible } from './rules.ts';

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
  check: (order) => refuseImpossible(order, whyNoCancel(order)),
  data: ({ orderId, body: { reason } }) => ({ order_id: orderId, ...(reason !== undefined && { reason }) }),
});

const amend = command(customerBody({ lines: amendedLines }), {
  name: 'amend',
  summary: 'The customer takes less; 0 leaves a line out, lines that are not named stay.',
  type: 'oms.order.amended.v1',
  check: (order, { body: { lines } }) => {
    refuseImpossible(order, whyNoAmend(order));
    refuseExcess(lines, order.lines);
    const why = whyNoAmend(order, lines);
    if (why) throw fieldProblem('validation_failed', '/lines', `do not fit: ${why}`);
  },
  data: ({ orderId, body: { lines } }) => ({ order_id: orderId, lines }),
});

const paymentMethod = command(customerBody({ payment: PaymentChoice }), {
  name: 'payment-method',
  summary: 'Another way to pay.',
  type: 'oms.payment.method_replaced.v1',
  check: (order, { body: { payment } }) => {
    refuseDigitsForToken(payment);
    refuseImpossible(order, whyNoPaymentMethod(order));
  },
  data: ({ orderId, body: { payment } }) => ({ order_id: orderId, payment }),
});

const mfa = command(customerBody({}), {
  name: 'mfa',
  summary: 'The customer has passed the second factor.',
  type: 'oms.payment.mfa_completed.v1',
  check: (order) => refuseImpossible(order, whyNoMfa(order)),
  data: ({ orderId }) => ({ order_id: orderId }),
});

const returns = command(customerBody({ reason: returnReason, lines: returnedLines }), {
  name: 'returns',
  summary: 'The customer means to send something back.',
  type: 'oms.return.requested.v1',
  check: (order, { body: { lines } }) => {
    refuseImpossible(order, whyNoReturn(order));
    refuseExcess(lines, allowedActions(order).return.lines);
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
