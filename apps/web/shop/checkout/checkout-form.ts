import { Compile } from 'typebox/compile';
import { containsCardNumber } from '../../../../lib/domain/card-number.ts';
import { Country, plainText } from '../../../../lib/domain/fields.ts';
import type { OrderRequest } from '../../../../lib/domain/order-request.ts';
import type { ShippingMethod } from '../../../../lib/domain/pricing.ts';
import type { FieldError } from '../../api/api-problem.ts';
import type { Form } from '../../http/form.ts';
import { type CartLine, readCart } from '../cart/cart.ts';
import { paymentOf } from './payment-choices.ts';

/** A checkout as it was filled in, right or wrong. */
export interface CheckoutForm {
  /** Made with the form: the same form sent twice is one order. */
  key: string;
  /** What was in the cart when the form was made: that is ordered, whatever another tab has done since. */
  cart: CartLine[];
  country: string;
  city: string;
  postcode: string;
  shipping: ShippingMethod;
  stockPolicy: 'amend' | 'cancel';
  payment: string;
  /** The total that the page has shown, in minor units; an order is placed at no other. */
  shownTotal: number | undefined;
}

export type CheckoutField = 'country' | 'city' | 'postcode' | 'payment';
export type FieldErrors = Partial<Record<CheckoutField, string>>;

const isCountry = Compile(Country);
const CARD = 'This looks like the number of a card. Please never type card numbers here.';

const isCity = Compile(plainText(80));
const isPostcode = Compile(plainText(16));

export const readCheckoutForm = (form: Form): CheckoutForm => ({
  key: form.key(),
  cart: readCart(form.text('cart')),
  country: form.text('country'),
  city: form.text('city'),
  postcode: form.text('postcode'),
  shipping: form.text('shipping') === 'express' ? 'express' : 'standard',
  stockPolicy: form.text('stock_policy') === 'amend' ? 'amend' : 'cancel',
  payment: form.text('payment'),
  shownTotal: form.count('total'),
});

/** What a person can see to be wrong, beside the field it is about. */
export function checkForm({ country, city, postcode, payment }: CheckoutForm): FieldErrors {
  return {
    ...(!isCountry.Check(country) && { country: 'Please choose a country.' }),
    ...(!isCity.Check(city) && { city: 'Please use at most 80 plain letters.' }),
    ...(!isPostcode.Check(postcode) && { postcode: 'Please give only the beginning, at most 16 characters.' }),
    ...(containsCardNumber(city) && { city: CARD }),
    ...(containsCardNumber(postcode) && { postcode: CARD }),
    ...(!paymentOf(payment) && { payment: 'Please choose how to pay.' }),
  };
}

const FIELD_OF: readonly [pointer: string, field: CheckoutField][] = [
  ['/ship_to/country', 'country'],
  ['/ship_to/city', 'city'],
  ['/ship_to/postcode_prefix', 'postcode'],
  ['/payment', 'payment'],
];

const SENTENCES: Record<string, string> = {
  raw_card_forbidden: CARD,
  control_character: 'There is a character in it that we cannot use.',
};

/** What the order API found wrong, beside the fields it is about; errors about anything else are left out. */
export function fieldErrorsOf(errors: readonly FieldError[]): FieldErrors {
  const found = errors.flatMap(({ pointer, code, message }): [CheckoutField, string][] => {
    const field = FIELD_OF.find(([start]) => pointer.startsWith(start))?.[1];
    return field ? [[field, SENTENCES[code] ?? `This ${message}.`]] : [];
  });
  return Object.fromEntries(found);
}

/** The order as the API takes it. */
export function orderRequest(form: CheckoutForm, customer: string, currency: string): OrderRequest {
  const { city, postcode } = form;
  return {
    customer,
    channel: 'web',
    currency,
    items: form.cart,
    ship_to: { country: form.country, ...(city && { city }), ...(postcode && { postcode_prefix: postcode }) },
    shipping: form.shipping,
    payment: paymentOf(form.payment)!,
    stock_policy: form.stockPolicy,
  };
}
