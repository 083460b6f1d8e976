import type { PaymentChoice } from '../../../../lib/domain/fields.ts';
import { html } from '../../html/html.ts';

export interface TestPayment {
  id: string;
  label: string;
  /** What will happen, since that is what a test card is chosen for. */
  hint: string;
  payment: PaymentChoice;
}

const card = (id: string, last4: string, token: string, hint: string): TestPayment => ({
  id,
  label: `Test card ending in ${last4}`,
  hint,
  payment: { method: 'card', token, brand: 'visa', last4 },
});

/** Ways to pay at the stand-in provider: the end of a token says how it behaves. */
export const TEST_PAYMENTS: readonly TestPayment[] = [
  card('card', '4242', 'tok_web_ok', 'Goes through.'),
  {
    ...{ id: 'paypal', label: 'PayPal (test)', hint: 'Goes through and is paid at once.' },
    payment: { method: 'paypal', token: 'tok_web_ok' },
  },
  {
    ...{ id: 'transfer', label: 'Bank transfer (test)', hint: 'Is paid some seconds later.' },
    payment: { method: 'bank_transfer', token: 'tok_web_ok' },
  },
  card('confirm', '3155', 'tok_web_mfa', 'Wants a confirmation from you first.'),
  card('declined', '0002', 'tok_web_decline_funds', 'Is declined: you can then pay in another way.'),
];

export const paymentOf = (id: string): PaymentChoice | undefined => TEST_PAYMENTS.find((one) => one.id === id)?.payment;

const choice = ({ id, label, hint }: TestPayment, chosen: string): string => html`<label class="choice">
<input type="radio" name="payment" value="${id}" required !${id === chosen ? 'checked' : ''}>
<span><span class="choice-name">${label}</span> <span class="muted">${hint}</span></span></label>`;

/** A picker of test payments; nobody can type a number anywhere. */
export const paymentPicker = (chosen: string, error = ''): string => html`<fieldset class="choices">
<legend>Payment</legend>!${error}
!${TEST_PAYMENTS.map((one) => choice(one, chosen))}</fieldset>`;
