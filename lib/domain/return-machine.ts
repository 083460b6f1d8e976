import { Machine, rows } from './machine.ts';

/** Every state of a return; the last four are final. */
export const RETURN_STATES = [
  'requested',
  'approved',
  'in_transit',
  'received',
  'refunding',
  'refunded',
  'denied',
  'expired',
  'rejected',
] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** What is refunded is the value of the units received, not of those asked for. */
export const RETURN_MACHINE = new Machine<ReturnState>('return', RETURN_STATES, [
  ...rows<ReturnState>([null], 'return.requested', 'always', 'requested'),
  ...rows<ReturnState>(['requested'], 'return.approved', 'always', 'approved'),
  ...rows<ReturnState>(['requested'], 'return.denied', 'always', 'denied'),
  ...rows<ReturnState>(['requested', 'approved', 'in_transit'], 'return.timed_out', 'always', 'expired'),
  ...rows<ReturnState>(['approved'], 'return.in_transit', 'always', 'in_transit'),
  ...rows<ReturnState>(['approved', 'in_transit'], 'return.received', 'always', 'received'),
  ...rows<ReturnState>(['received'], 'inspect', 'something_acceptable', 'refunding'),
  ...rows<ReturnState>(['received'], 'inspect', 'nothing_acceptable', 'rejected'),
  ...rows<ReturnState>(['refunding'], 'payment.refunded', 'always', 'refunded'),
]);
