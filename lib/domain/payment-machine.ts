import { Machine, rows } from './machine.ts';

/** Every state of one attempt to pay; the last four are final. */
export const PAYMENT_STATES = [
  'authorizing',
  'requires_action',
  'authorized',
  'capturing',
  'captured',
  'partially_refunded',
  'voiding',
  'declined',
  'voided',
  'refunded',
  'charged_back',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/**
 * `authorize`, `capture` and `void` are what we ask of the provider; `payment.*` is what it answers. A failed capture
 * has an event of its own: taken for an authorisation sent again it would leave a charged customer with a stuck order.
 */
export const PAYMENT_MACHINE = new Machine<PaymentState>('payment', PAYMENT_STATES, [
  ...rows<PaymentState>([null], 'authorize', 'always', 'authorizing'),
  ...rows<PaymentState>(['authorizing', 'requires_action'], 'payment.authorized', 'always', 'authorized'),
  ...rows<PaymentState>(
    ['authorizing', 'requires_action', 'capturing', 'authorized'],
    'payment.captured',
    'always',
    'captured',
  ),
  ...rows<PaymentState>(['authorizing'], 'payment.action_required', 'always', 'requires_action'),
  ...rows<PaymentState>(['authorizing'], 'payment.declined', 'retry', 'authorizing'),
  ...rows<PaymentState>(['authorizing', 'requires_action'], 'payment.declined', 'final', 'declined'),
  ...rows<PaymentState>(['requires_action'], 'payment.mfa_completed', 'always', 'authorizing'),
  ...rows<PaymentState>(['authorizing', 'requires_action', 'authorized'], 'void', 'always', 'voiding'),
  ...rows<PaymentState>(['voiding', 'requires_action', 'authorizing'], 'payment.voided', 'always', 'voided'),
  ...rows<PaymentState>(['voiding'], 'payment.declined', 'final', 'declined'),
  ...rows<PaymentState>(['voiding'], 'payment.captured', 'always', 'captured'),
  ...rows<PaymentState>(['authorized'], 'capture', 'always', 'capturing'),
  ...rows<PaymentState>(['capturing'], 'payment.capture_failed', 'always', 'authorized'),
  ...rows<PaymentState>(['captured', 'partially_refunded'], 'payment.refunded', 'partly', 'partially_refunded'),
  ...rows<PaymentState>(['captured', 'partially_refunded'], 'payment.refunded', 'wholly', 'refunded'),
  ...rows<PaymentState>(['captured', 'partially_refunded'], 'payment.charged_back', 'always', 'charged_back'),
]);
