import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { orderIdFor } from '../../../lib/domain/ids.ts';
import { changed, fieldsOf, PlainBrowser, textOf } from '../../helpers/plain-browser.ts';
import { catalogueSource, startTrial } from '../../helpers/producer.ts';
import { startPages } from '../../helpers/web-shop.ts';

/** The shop in front of an order API without a database, whose hub is in memory. */
async function enter(t: TestContext, options = {}, trialOptions = {}) {
  const trial = await startTrial(t, trialOptions);
  const url = await startPages(t, trial.url, options);
  return { trial, url, browser: new PlainBrowser(url) };
}

test('while the hub takes nothing the cart is kept, and the same form is one order once it does', async (t) => {
  const { trial, browser } = await enter(t);
  await browser.post('/cart', { sku: 'A', quantity: '1' });
  const form = changed(fieldsOf(await browser.open('/checkout'), '/checkout'), { step: 'place' });
  trial.sender.hold = async () => {
    throw new Error('the hub is away');
  };
  const refused = await browser.post('/checkout', form);
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get('retry-after'));
  assert.match(textOf(refused), /Your cart is kept: please press .Place order. again/);
  assert.match(textOf(await browser.open('/cart')), /Product A/);
  trial.sender.hold = async () => {};
  const again = changed(fieldsOf(refused, '/checkout'), { step: 'place' });
  assert.equal(new Map(again).get('key'), new Map(form).get('key'));
  const taken = await browser.send('/checkout', browser.formOf(again));
  const id = orderIdFor(browser.cookies.get('customer')!, new Map(form).get('key')!);
  assert.equal(taken.headers.get('location'), `/orders/${id}?news=placed`);
  assert.equal(trial.sender.events.length, 1);
});

test('without its database the API shows no order: the list says so, the order asks to come again', async (t) => {
  const { browser } = await enter(t);
  const id = '0190a000-0000-8000-8000-000000000001';
  browser.cookies.set('orders', id);
  assert.match(textOf(await browser.open('/orders')), /cannot be shown right now/);
  const shown = await browser.open(`/orders/${id}`);
  assert.equal(shown.status, 503);
  assert.match(textOf(shown), /Nothing is lost.*Number of this request: [0-9a-f]{32}/);
});

test('what comes from another site, is too large, or is no form, changes nothing', async (t) => {
  const { url, browser } = await enter(t);
  const form = browser.formOf({ sku: 'A', quantity: '1' });
  const foreign = { ...form, headers: { ...form.headers, origin: 'https://evil.test' } };
  const json = { ...form, headers: { 'content-type': 'application/json' }, body: '{"sku":"A","quantity":"1"}' };
  const large = browser.formOf({ sku: 'A', quantity: '1', more: 'x'.repeat(20_000) });
  const statuses: number[] = [];
  for (const init of [foreign, json, large]) statuses.push((await browser.send('/cart', init)).status);
  assert.deepEqual(statuses, [403, 415, 413]);
  assert.equal(browser.cookies.size, 0);
  for (const path of ['/nothing', '/c/nothing', '/p/a%20b', '/orders/1', '/assets/none.js', '/assets/manifest.json']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/%zz`)).status, 400);
});

test('every answer carries the security headers; only what is the same for all may be kept', async (t) => {
  const { url } = await enter(t, { secureCookies: true });
  const kept = new Map<string, string>();
  for (const path of [
    '/',
    '/c/toys',
    '/search?q=a',
    '/p/A',
    '/cart',
    '/checkout',
    '/orders',
    '/help',
    '/none',
    '/%zz',
  ]) {
    const { headers } = await fetch(url + path, { redirect: 'manual' });
    assert.match(
      headers.get('content-security-policy')!,
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
      path,
    );
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    kept.set(path, /public/.test(headers.get('cache-control') ?? '') ? 'kept' : '');
    assert.equal(headers.getSetCookie().length > 0 && kept.get(path) === 'kept', false, path);
  }
  assert.deepEqual(
    [...kept].filter(([, value]) => value).map(([path]) => path),
    ['/', '/c/toys', '/search?q=a', '/p/A'],
  );
});

test('behind https cookies are bound to the host; only the count of the cart can be read by scripts', async (t) => {
  const { browser } = await enter(t, { secureCookies: true });
  const response = await browser.send('/cart', browser.formOf({ sku: 'A', quantity: '3' }));
  const cookies = response.headers.getSetCookie();
  assert.equal(cookies.length, 2);
  for (const cookie of cookies) assert.match(cookie, /^__Host-cart.*Path=\/;.*Secure; SameSite=Lax$/);
  assert.deepEqual(
    cookies.map((cookie) => /HttpOnly/.test(cookie)),
    [true, false],
  );
});

test('a catalogue in the address that makes no sense is read as far as it does', async (t) => {
  const { browser } = await enter(t);
  for (const query of ['?sort=best&page=%20', '?page=GONE', '?q=%00%0a%ff&q=2', '?sort[]=x']) {
    const { status } = await browser.open(`/search${query}`);
    assert.equal(status, 200, query);
  }
  assert.match(textOf(await browser.open('/search?page=C')), /To the first page/);
});

test('whoever never saw the answer and begins anew places one order; another cart is another one', async (t) => {
  const { trial, browser } = await enter(t);
  const checkout = async () => changed(fieldsOf(await browser.open('/checkout'), '/checkout'), { step: 'place' });
  const send = async () => browser.send('/checkout', browser.formOf(await checkout()));
  await browser.post('/cart', { sku: 'A', quantity: '1' });
  await checkout();
  const before = new Map(browser.cookies);
  const unseen = await send();
  browser.cookies.clear();
  for (const [name, value] of before) browser.cookies.set(name, value);
  const seen = await send();
  assert.equal(seen.headers.get('location'), unseen.headers.get('location'));
  assert.equal(trial.sender.events.length, 1);
  await browser.post('/cart', { sku: 'A', quantity: '1' });
  const key = new Map(await checkout()).get('key');
  await browser.post('/cart', { sku: 'A', quantity: '1' });
  assert.notEqual(new Map(await checkout()).get('key'), key);
  assert.equal((await send()).status, 303);
  assert.equal(trial.sender.events.length, 2);
});

test('an order of five figures is placed like any other', async (t) => {
  const { browser } = await enter(t);
  await browser.post('/cart', { sku: 'A', quantity: '999' });
  const form = changed(fieldsOf(await browser.open('/checkout'), '/checkout'), { step: 'place' });
  assert.ok(Number(new Map(form).get('total')) > 1_000_000);
  assert.equal((await browser.send('/checkout', browser.formOf(form))).status, 303);
});

test('a cart of two currencies has no total, and is not taken to the checkout', async (t) => {
  const source = catalogueSource();
  const products = async () =>
    (await source.products()).map((one) => (one.sku === 'C' ? { ...one, currency: 'JPY' } : one));
  const { browser } = await enter(t, {}, { source: { ...source, products } });
  await browser.post('/cart', { sku: 'A', quantity: '1' });
  await browser.post('/cart', { sku: 'C', quantity: '1' });
  const cart = await browser.open('/checkout');
  assert.equal(cart.path, '/cart?news=mixed');
  assert.match(textOf(cart), /one currency at a time.*Goods \$10\.00 Goods ¥1,000 /);
});

test('a browser that keeps no cookies is told why its cart is empty', async (t) => {
  const { url, browser } = await enter(t);
  const { path } = await browser.post('/cart', { sku: 'A', quantity: '1' });
  assert.match(textOf(await new PlainBrowser(url).open(path)), /keeps no cookies/);
});

test('a card number in the search goes no further', async (t) => {
  const { browser } = await enter(t);
  const { html } = await browser.open('/search?q=4111+1111+1111+1111');
  assert.match(html, /card number removed/);
  // Not of one group alone: the names of assets are hashes.
  assert.doesNotMatch(html, /4111[ +-]*1111/);
});
