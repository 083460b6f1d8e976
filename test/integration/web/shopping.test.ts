import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { scan } from '../../helpers/order-facts.ts';
import { changed, fieldsOf, PlainBrowser, type Shown, textOf } from '../../helpers/plain-browser.ts';
import { until } from '../../helpers/until.ts';
import { startWebShop } from '../../helpers/web-shop.ts';

const place = { action: 'place' };

async function enter(t: TestContext, options = {}) {
  const shop = await startWebShop(t, options);
  const browser = new PlainBrowser(shop.url);
  /** Puts something in the cart and opens the checkout. */
  const toCheckout = async (sku = 'A', quantity = '2') => {
    await browser.post('/cart', { sku, quantity });
    return browser.open('/checkout');
  };
  /** Sends the checkout again until its total is the one that was shown. */
  const order = async (checkout: Shown, changes: Record<string, string> = {}) =>
    browser.post('/checkout', changed(fieldsOf(checkout, '/checkout'), { ...changes, ...place }));
  /** The order's page, once it says so. */
  const when = (path: string, words: RegExp) =>
    until(`the order's page says ${words}`, async () => {
      const shown = await browser.open(path);
      return words.test(textOf(shown)) ? shown : undefined;
    });
  return { ...shop, browser, toCheckout, order, when };
}

const idOf = ({ path }: Shown): string => /^\/orders\/([0-9a-f-]{36})/.exec(path)![1]!;

test('from the shelf to the parcel and back, without a script', async (t) => {
  const { browser, deliver, when, order } = await enter(t);
  const home = await browser.open('/');
  assert.match(home.html, /href="\/c\/toys"/);
  assert.match(home.headers.get('cache-control')!, /public/);
  const category = await browser.open('/c/toys?sort=name');
  assert.match(category.html, /href="\/p\/A"/);
  const product = await browser.open('/p/A');
  assert.match(textOf(product), /Product A .*\$10\.00/);
  assert.equal(browser.cookies.size, 0);

  const cart = await browser.post('/cart', changed(fieldsOf(product, '/cart'), { quantity: '2' }));
  assert.match(textOf(cart), /Added to your cart.*Product A.*\$20\.00/);
  const checkout = await browser.open('/checkout');
  assert.match(textOf(checkout), /Tax for United States \$1\.60 Total \$26\.59/);
  const elsewhere = await order(checkout, { country: 'DE' });
  assert.equal(elsewhere.status, 409);
  assert.match(textOf(elsewhere), /The total has changed.*Tax for Germany \$3\.80 Total \$28\.79/);
  const placed = await order(elsewhere);
  assert.match(textOf(placed), /Thank you! Your order is in safe hands/);
  assert.match(textOf(await browser.open('/cart')), /Your cart is empty/);

  const id = idOf(placed);
  await when(`/orders/${id}`, /It is on its way/);
  await deliver(scan('delivered', id));
  const delivered = await when(`/orders/${id}`, /It has arrived/);
  assert.match(textOf(delivered), /Parcel 1: Delivered .*Picked up by the carrier/);

  const sent = changed(fieldsOf(delivered, `/orders/${id}/returns`), { quantity: '1', reason: 'damaged' });
  await browser.post(`/orders/${id}/returns`, sent);
  const returning = await when(`/orders/${id}`, /1 × Product A Approved/);
  assert.match(textOf(returning), /of 1/);
  assert.match(textOf(await browser.open('/orders')), /Product A .*It has arrived \$28\.79/);
});

test('a form that is sent twice at once, and again after the answer, is one order', async (t) => {
  const { browser, toCheckout, rows } = await enter(t);
  const form = changed(fieldsOf(await toCheckout(), '/checkout'), place);
  const init = browser.formOf(form);
  const both = await Promise.all([browser.send('/checkout', init), browser.send('/checkout', init)]);
  const taken = both.filter(({ status }) => status === 303);
  assert.ok(taken.length >= 1);
  const later = await browser.open('/checkout', init);
  assert.equal(`/orders/${idOf(later)}?news=placed`, taken[0]!.headers.get('location'));
  await until('it is stored', async () => (await rows('SELECT 1 FROM orders')).length > 0);
  assert.equal((await rows('SELECT 1 FROM orders')).length, 1);
});

test('a declined payment is made good with another, a confirmation is given, and an order is cancelled', async (t) => {
  const { browser, toCheckout, order, when } = await enter(t);
  const declined = idOf(await order(await toCheckout(), { payment: 'declined' }));
  const asked = await when(`/orders/${declined}`, /The payment did not go through/);
  await browser.post(`/orders/${declined}/payment-method`, fieldsOf(asked, `/orders/${declined}/payment-method`));
  await when(`/orders/${declined}`, /It is on its way/);

  const waiting = idOf(await order(await toCheckout(), { payment: 'confirm' }));
  const question = await when(`/orders/${waiting}`, /Please confirm the payment/);
  await browser.post(`/orders/${waiting}/mfa`, fieldsOf(question, `/orders/${waiting}/mfa`));
  await when(`/orders/${waiting}`, /It is on its way/);

  const regretted = idOf(await order(await toCheckout(), { payment: 'declined' }));
  const open = await when(`/orders/${regretted}`, /Cancel this order/);
  const form = fieldsOf(open, `/orders/${regretted}/cancel`);
  await browser.post(`/orders/${regretted}/cancel`, form);
  await when(`/orders/${regretted}`, /This order was cancelled/);
  const late = await browser.post(`/orders/${regretted}/cancel`, changed(form, { key: 'web-another' }));
  assert.match(textOf(late), /The order has moved on/);
});

test('of what there is too little of, less is taken', async (t) => {
  const { browser, toCheckout, order, when } = await enter(t, { onHand: 3 });
  const id = idOf(await order(await toCheckout('B', '5')));
  const short = await when(`/orders/${id}`, /We do not have enough of it/);
  const none = await browser.post(
    `/orders/${id}/amend`,
    changed(fieldsOf(short, `/orders/${id}/amend`), { quantity: '9' }),
  );
  assert.match(textOf(none), /That could not be done/);
  await browser.post(`/orders/${id}/amend`, changed(fieldsOf(none, `/orders/${id}/amend`), { quantity: '3' }));
  await when(`/orders/${id}`, /It is on its way/);
});

test('what is wrong with a checkout stands beside its field, and the cart is kept', async (t) => {
  const { browser, toCheckout, order } = await enter(t);
  const checkout = await toCheckout();
  const wrong = await order(checkout, { country: 'XX', payment: 'gold' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.html, /id="country-error">Please choose a country/);
  assert.match(wrong.html, /aria-invalid="true" aria-describedby="country-error"/);
  assert.match(wrong.html, /id="payment-error">/);
  const card = await order(checkout, { city: '4111 1111 1111 1111' });
  assert.equal(card.status, 422);
  assert.match(card.html, /id="city-error">This looks like the number of a card/);
  assert.match(textOf(await browser.open('/cart')), /Product A/);
  const next = await order(card, { city: 'Reno' });
  assert.match(next.path, /^\/orders\//);
});

test('the same form with other contents is refused and gets a new key', async (t) => {
  const { browser, toCheckout, order } = await enter(t);
  const checkout = await toCheckout();
  const first = idOf(await order(checkout));
  const again = await order(checkout, { city: 'Elsewhere' });
  assert.equal(again.status, 422);
  assert.match(textOf(again), /This form was sent before with other contents/);
  const second = idOf(await order(again));
  assert.notEqual(second, first);
  assert.equal(browser.cookies.get('orders'), `${second}|${first}`);
});

test('an order that another browser placed can be looked at, not touched; one that is not there is not found', async (t) => {
  const { url, toCheckout, order, browser, when } = await enter(t);
  const placed = await order(await toCheckout(), { payment: 'declined' });
  const id = idOf(placed);
  const own = await when(`/orders/${id}`, /Cancel this order/);
  const stranger = new PlainBrowser(url);
  const seen = await stranger.open(`/orders/${id}`);
  assert.match(textOf(seen), /not placed in this browser/);
  assert.doesNotMatch(seen.html, /method="post"/);
  const cancel = fieldsOf(own, `/orders/${id}/cancel`);
  assert.equal((await stranger.post(`/orders/${id}/cancel`, cancel)).status, 404);
  await stranger.post('/cart', { sku: 'A', quantity: '1' });
  await stranger.post('/checkout', changed(fieldsOf(await stranger.open('/checkout'), '/checkout'), place));
  const refused = await stranger.post(`/orders/${id}/cancel`, cancel);
  assert.doesNotMatch(textOf(refused), /passed that on/);
  assert.equal((await browser.open('/orders/00000000-0000-8000-8000-000000000000')).status, 404);
  assert.equal((await browser.open('/orders/1')).status, 404);
});
