import type { Order, Request } from '../../api/orders.ts';
import { html, when } from '../../html/html.ts';
import { newKey } from '../../http/form.ts';
import { paymentPicker } from '../checkout/payment-choices.ts';

export const RETURN_REASONS: Record<string, string> = {
  changed_mind: 'I changed my mind',
  damaged: 'It is damaged',
  wrong_item: 'It is not what I ordered',
  late_delivery: 'It came too late',
  quality: 'It is not good enough',
  other: 'Something else',
};

/** A form that asks something about the order; its key makes it one request however often it is sent. */
const form = (
  order: Order,
  request: Request,
  inside: string,
): string => html`<form method="post" action="/orders/${order.order_id}/${request}" data-once>
<input type="hidden" name="key" value="${newKey()}"><input type="hidden" name="version" value="${order.version}">
!${inside}</form>`;

const folded = (title: string, inside: string): string =>
  html`<details class="ask"><summary>${title}</summary>!${inside}</details>`;

interface Limit {
  line: number;
  quantity: number;
}

/** A field for how many of each line; `least` is what it begins with, and may be. */
function quantities(
  order: Order,
  limits: readonly Limit[],
  { prefix, start }: { prefix: string; start(limit: Limit): number },
): string {
  const nameOf = (line: number) => order.items.find((item) => item.line === line)?.name ?? '';
  return html`!${limits.map(
    (
      limit,
    ) => html`<div class="field across"><label for="${prefix}${limit.line}">${nameOf(limit.line)} <span class="muted">(of ${limit.quantity})</span></label>
<input type="hidden" name="line" value="${limit.line}">
<div class="stepper"><input id="${prefix}${limit.line}" name="quantity" type="number" inputmode="numeric" min="0" max="${limit.quantity}" value="${start(limit)}" required data-stepper></div></div>`,
  )}`;
}

const cancelForm = (order: Order): string =>
  folded(
    'Cancel this order',
    form(
      order,
      'cancel',
      '<p>Nothing will be sent, and what was paid goes back.</p><button class="danger" type="submit">Cancel the order</button>',
    ),
  );

const amendForm = (order: Order): string => {
  const fields = quantities(order, order.items, { prefix: 'amend', start: ({ quantity }) => quantity });
  return form(
    order,
    'amend',
    `<h3>Take less</h3><p class="muted">0 leaves a line out.</p>${fields}<button type="submit">Order this much</button>`,
  );
};

const paymentForm = (order: Order): string =>
  form(order, 'payment-method', `${paymentPicker('card')}<button type="submit">Pay this way</button>`);

const mfaForm = (order: Order): string =>
  form(
    order,
    'mfa',
    '<p>A bank would ask you in its app; here one button stands for it.</p><button type="submit">I confirm the payment</button>',
  );

const reason = ([value, label]: [string, string]): string => html`<option value="${value}">${label}</option>`;

const returnForm = (order: Order): string => {
  const fields = quantities(order, order.actions.return.lines, { prefix: 'return', start: () => 0 });
  const why = html`<div class="field"><label for="reason">Why?</label><select id="reason" name="reason">!${Object.entries(RETURN_REASONS).map(reason)}</select></div>`;
  return folded(
    'Send something back',
    form(order, 'returns', `${fields}${why}<button type="submit">Announce the return</button>`),
  );
};

/** Everything that can be asked of the order now; empty when there is nothing. */
export function actions(order: Order): string {
  const { cancel, amend, payment_method, mfa, return: back } = order.actions;
  const inside = [
    when(mfa.allowed, () => mfaForm(order)),
    when(payment_method.allowed, () => paymentForm(order)),
    when(amend.allowed, () => amendForm(order)),
    when(back.allowed, () => returnForm(order)),
    when(cancel.allowed, () => cancelForm(order)),
  ].join('');
  return when(
    inside,
    () => html`<section class="asks" aria-labelledby="asks"><h2 id="asks">What you can do</h2>!${inside}</section>`,
  );
}
