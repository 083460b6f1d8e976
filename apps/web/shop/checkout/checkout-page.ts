import type { Quote } from '../../../../lib/domain/pricing.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { money } from '../../html/money.ts';
import { notice } from '../../html/notice.ts';
import { writeCart } from '../cart/cart.ts';
import type { CheckoutField, CheckoutForm, FieldErrors } from './checkout-form.ts';
import { countryName, countryOptions } from './countries.ts';
import { paymentPicker } from './payment-choices.ts';

export interface Checkout {
  form: CheckoutForm;
  quote: Quote;
  currency: string;
  errors: FieldErrors;
  /** One sentence about the whole, when something went wrong or has changed. */
  trouble?: string | undefined;
}

const errorText = (field: CheckoutField, { errors }: Checkout): string =>
  when(errors[field], () => html`<p class="error" id="${field}-error">${errors[field]}</p>`);

/** Ties a field to its error for whoever does not see them side by side. */
const described = (field: CheckoutField, { errors }: Checkout): string =>
  errors[field] ? `aria-invalid="true" aria-describedby="${field}-error"` : '';

const delivery = (checkout: Checkout): string => {
  const { country, city, postcode } = checkout.form;
  return html`<fieldset><legend>Where it goes</legend>
<p class="muted small">Only as much as a price and a route need. Please leave out names and streets.</p>
<div class="field"><label for="country">Country</label>!${errorText('country', checkout)}
<select id="country" name="country" required data-reprice !${described('country', checkout)}>!${countryOptions(country)}</select></div>
<div class="pair"><div class="field"><label for="city">City <span class="muted">(optional)</span></label>!${errorText('city', checkout)}
<input id="city" name="city" value="${city}" maxlength="80" autocomplete="address-level2" !${described('city', checkout)}></div>
<div class="field"><label for="postcode">Start of the postcode <span class="muted">(optional)</span></label>!${errorText('postcode', checkout)}
<input id="postcode" name="postcode" value="${postcode}" maxlength="16" autocomplete="off" !${described('postcode', checkout)}></div></div>
</fieldset>`;
};

const radio = (field: {
  name: string;
  value: string;
  chosen: string;
  label: string;
  hint: string;
  extra?: string;
}): string =>
  html`<label class="choice"><input type="radio" name="${field.name}" value="${field.value}" !${field.extra ?? ''} !${field.value === field.chosen ? 'checked' : ''}>
<span><span class="choice-name">${field.label}</span> <span class="muted">${field.hint}</span></span></label>`;

const shipping = ({
  form: { shipping: chosen },
}: Checkout): string => html`<fieldset class="choices"><legend>Shipping</legend>
!${radio({ name: 'shipping', value: 'standard', chosen, label: 'Standard', hint: 'A few days.', extra: 'data-reprice' })}
!${radio({ name: 'shipping', value: 'express', chosen, label: 'Express', hint: 'As quick as it goes.', extra: 'data-reprice' })}
</fieldset>`;

const shortage = ({
  form: { stockPolicy: chosen },
}: Checkout): string => html`<fieldset class="choices"><legend>If something turns out to be sold out</legend>
!${radio({ name: 'stock_policy', value: 'amend', chosen, label: 'Ask me', hint: 'You can take less, or cancel.' })}
!${radio({ name: 'stock_policy', value: 'cancel', chosen, label: 'Cancel the order', hint: 'Nothing is charged.' })}
</fieldset>`;

const row = (label: string, amount: string, kind = ''): string =>
  html`<div class="${kind}"><dt>${label}</dt><dd class="price">${amount}</dd></div>`;

function summary({ quote, currency, form }: Checkout): string {
  const amount = (minor: number) => money(minor, currency);
  return html`<section class="summary" aria-labelledby="summary" data-summary aria-live="polite"><h2 id="summary">Your order</h2>
<ul class="summary-lines" role="list">!${quote.lines.map((line) => html`<li><span>${line.quantity} × ${line.name}</span><span class="price">${amount(line.unit_minor * line.quantity)}</span></li>`)}</ul>
<dl>!${row('Goods', amount(quote.subtotal_minor))}!${row('Shipping', amount(quote.shipping_minor))}
!${row(`Tax for ${countryName(form.country)}`, amount(quote.tax_minor))}!${row('Total', amount(quote.total_minor), 'total')}</dl>
<input type="hidden" name="total" value="${quote.total_minor}">
<button class="quiet" name="action" value="update" formnovalidate>Update total</button>
<button class="wide-button" name="action" value="place">Place order</button>
<p class="small muted">This is a test: no money moves.</p></section>`;
}

/** The whole checkout on one page; its totals are what will be ordered. */
export function checkoutPage(checkout: Checkout): PageContent {
  const { form, trouble } = checkout;
  const isWrong = Object.keys(checkout.errors).length > 0;
  const told = trouble ?? (isWrong ? 'Please look at the fields marked below.' : undefined);
  const main = html`<h1>Checkout</h1>!${when(told, () => notice('warning', told!))}
<form class="columns checkout" method="post" action="/checkout" novalidate data-once>
<div>
<input type="hidden" name="key" value="${form.key}"><input type="hidden" name="cart" value="${writeCart(form.cart)}">
!${delivery(checkout)}!${shipping(checkout)}
!${paymentPicker(form.payment, errorText('payment', checkout))}!${shortage(checkout)}
</div>
!${summary(checkout)}
</form>`;
  return { title: isWrong ? 'Checkout: please check' : 'Checkout', isPrivate: true, main };
}
