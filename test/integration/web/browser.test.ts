import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import { axeViolations, covered, noBrowser, openPage, sidewaysScroll, smallTargets } from '../../helpers/browser.ts';
import { scan } from '../../helpers/order-facts.ts';
import { until } from '../../helpers/until.ts';
import { startPages, startWebShop } from '../../helpers/web-shop.ts';

/** Pictures of every page and state, for people to look at; kept where OMS_TEST_PICTURES says. */
const pictures = process.env.OMS_TEST_PICTURES;

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** What is the same in every look is looked at in two of them: colours, and what is laid out for a phone. */
const LOOKS = [
  { name: 'light', colorScheme: 'light', size: { width: 1280, height: 900 }, hasAxe: true },
  { name: 'dark', colorScheme: 'dark', size: { width: 360, height: 740 }, hasAxe: true },
  { name: 'narrow', colorScheme: 'light', size: { width: 320, height: 640 }, hasAxe: false },
] as const;

type Shop = Awaited<ReturnType<typeof startWebShop>>;
type Visit = (name: string, go: () => Promise<unknown>) => Promise<void>;

/** Every page, and every state that a page can be in. */
async function wholeTour(page: Page, visit: Visit, shop: Shop): Promise<void> {
  const { url } = shop;
  const to = (path: string) => () => page.goto(url + path);
  const press = (name: string | RegExp) => () => page.getByRole('button', { name }).first().click();
  const order = async (payment: string) => {
    await page.goto(`${url}/p/LONG`);
    await press('Add to cart')();
    await page.goto(`${url}/checkout`);
    await page.getByLabel(payment).check();
    await press('Place order')();
    await page.waitForURL(/\/orders\//);
    return /orders\/([0-9a-f-]+)/.exec(page.url())![1]!;
  };
  const reloadUntil = (words: RegExp) => () =>
    until(`the order's page says ${words}`, async () => {
      await page.reload();
      return words.test(await page.getByRole('heading', { level: 1 }).innerText());
    });
  await visit('home', to('/'));
  await visit('category', to('/c/toys'));
  await visit('category-pages', to('/c/footwear'));
  await visit('search', to('/search?q=green'));
  await visit('search-nothing', to('/search?q=%3Cnothing%3E'));
  await visit('product', to('/p/LONG'));
  await visit('not-found', to('/p/NOPE'));
  await visit('help', to('/help'));
  await visit('cart-empty', to('/cart'));
  await visit('orders-empty', to('/orders'));
  await page.goto(`${url}/p/LONG`);
  await visit('cart', press('Add to cart'));
  await visit('checkout', to('/checkout'));
  await page.getByLabel('City').evaluate((field) => field.removeAttribute('maxlength'));
  await page.getByLabel('City').fill('x'.repeat(81));
  await visit('checkout-wrong', press('Place order'));
  const declined = await order('Test card ending in 0002');
  await visit('order-payment', reloadUntil(/did not go through/));
  await visit('order-cancelled', async () => {
    await page.getByText('Cancel this order').click();
    await press('Cancel the order')();
    await reloadUntil(/was cancelled/)();
  });
  const good = await order('Test card ending in 4242');
  await visit('order-shipped', reloadUntil(/on its way/));
  await shop.deliver(scan('out_for_delivery', good), scan('delivered', good));
  await visit('order-delivered', async () => {
    await reloadUntil(/has arrived/)();
    await page.getByText('Send something back').click();
  });
  assert.notEqual(good, declined);
  await visit('orders', to('/orders'));
}

/** What is wrong with the page as it is, in each look. */
async function faults(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name: look, colorScheme, size, hasAxe } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const sideways = await sidewaysScroll(page);
    found.push(...(hasAxe ? await axeViolations(page) : []).map((one) => `${look} ${name}: ${one}`));
    found.push(...(await covered(page)).map((one) => `${look} ${name}: ${one}`));
    found.push(...(await smallTargets(page)).map((one) => `${look} ${name}: ${one}`));
    if (sideways > 0) found.push(`${look} ${name}: ${sideways} px wider than the screen`);
    await picture(page, `${look}-${name}`);
  }
  return found;
}

async function everyState(shop: Shop): Promise<void> {
  const { page, complaints, close } = await openPage();
  const found: string[] = [];
  const visit: Visit = async (name, go) => {
    await go();
    await page.waitForLoadState();
    found.push(...(await faults(page, name)));
  };
  await wholeTour(page, visit, shop);
  await close();
  assert.deepEqual(found, []);
  // Chromium tells of every answer from 400 on: here of the page that is not found and of the form that is wrong.
  assert.deepEqual(
    complaints.filter((one) => !/status of (?:404|409|422)/.test(one)),
    [],
  );
}

async function checkoutByKeyboard({ url }: Shop): Promise<void> {
  const { page, complaints, close } = await openPage();
  /** Goes on with the tab key to what has that name, and checks that one sees where one is. */
  const tabTo = async (name: string | RegExp): Promise<void> => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      const focus = (await page.evaluate(`(() => {
        const one = document.activeElement;
        const said = one.getAttribute('aria-label') ?? one.labels?.[0]?.innerText ?? one.innerText ?? '';
        return { said, outline: getComputedStyle(one).outlineStyle };
      })()`)) as { said: string; outline: string };
      if (!focus.said.match(name)) continue;
      assert.notEqual(focus.outline, 'none', `where one is shows at ${name}`);
      return;
    }
    assert.fail(`the tab key does not lead to ${name}`);
  };
  await page.goto(url);
  await tabTo('Skip to content');
  await tabTo('Product A');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/p\/A/);
  await tabTo('More of');
  await page.keyboard.press('Enter');
  await tabTo('Add to cart');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cart/);
  assert.equal(await page.getByLabel('Quantity of Product A', { exact: true }).inputValue(), '2');
  await tabTo('Go to checkout');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/checkout/);
  await tabTo('Country');
  await page.keyboard.type('Germany');
  await page.getByText('Tax for Germany').waitFor();
  await tabTo('City');
  await page.keyboard.type('Berlin');
  await tabTo('Place order');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/orders\//);
  assert.match(await page.locator('main').innerText(), /Berlin, Germany/);
  await close();
  assert.deepEqual(complaints, []);
}

async function comfort({ url }: Shop): Promise<void> {
  const { page, complaints, close } = await openPage();
  await page.goto(`${url}/p/B`);
  await page.getByRole('button', { name: /More of/ }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.waitForURL(/\/cart/);
  assert.equal(await page.getByLabel('2 in your cart').innerText(), '2');
  await page.getByRole('button', { name: /Less of/ }).click();
  await page.waitForURL(/news=changed/);
  assert.match(await page.locator('.summary').innerText(), /\$10\.00/);
  await page.goto(`${url}/checkout`);
  await page.getByLabel('Country').selectOption('GB');
  await page.getByText('Tax for United Kingdom').waitFor();
  await page.getByRole('button', { name: 'Place order' }).dblclick();
  await page.waitForURL(/\/orders\//);
  assert.match(await page.locator('main').innerText(), /\$16\.99/);
  await close();
  assert.deepEqual(complaints, []);
}

async function cardNumbersStay({ url }: Shop): Promise<void> {
  const { page, close } = await openPage();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')));
  await page.goto(`${url}/p/B`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.goto(`${url}/checkout`);
  await page.getByLabel('City').fill('4111 1111 1111 1111');
  await page.getByLabel('Country').selectOption('GB');
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.locator('#city[aria-invalid]').waitFor();
  await page.getByRole('searchbox').fill('4111-1111-1111-1111');
  await page.keyboard.press('Enter');
  await page.locator('#search[aria-invalid]').waitFor();
  assert.deepEqual(
    // Not of one group alone: the names of assets are hashes.
    sent.filter((one) => /4111(?:[ +-]|%20)*1111/.test(one)),
    [],
  );
  await page.getByLabel('City').fill('Reno');
  await page.getByLabel('Country').selectOption('DE');
  await page.getByText('Tax for Germany').waitFor();
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\//);
  await close();
}

/** An order that waits for its customer while its page moves: what is being entered stays, and so does the comfort. */
async function entriesStay(shop: Shop): Promise<void> {
  const { page, complaints, close } = await openPage({ timezoneId: 'Asia/Tokyo' });
  await page.goto(`${shop.url}/p/C`);
  await page.getByLabel('Quantity', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.goto(`${shop.url}/checkout`);
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\//);
  const id = /orders\/([0-9a-f-]+)/.exec(page.url())![1]!;
  assert.match(await page.locator('.order-head time').innerText(), /GMT\+9|JST/);
  await page.locator('h1[data-status="shipped"]').waitFor();
  await shop.deliver(scan('out_for_delivery', id), scan('delivered', id));
  await page.locator('h1[data-status="delivered"]').waitFor();
  await page.getByText('Send something back').click();
  await page.getByRole('button', { name: 'More of' }).click();
  await page.getByLabel('Why?').selectOption('damaged');
  await page.locator('h1').evaluate((heading) => heading.setAttribute('data-old', ''));
  await shop.pool.query(
    `UPDATE orders SET version = version + 1 WHERE order_id = 0x${uuidToBytes(id).toString('hex')}`,
  );
  await page.evaluate('document.activeElement.blur()');
  await page.locator('h1:not([data-old])').waitFor();
  const quantity = page.locator('input[data-stepper]');
  assert.equal(await quantity.inputValue(), '1');
  assert.equal(await page.getByLabel('Why?').inputValue(), 'damaged');
  await page.getByRole('button', { name: 'More of' }).click();
  assert.equal(await quantity.inputValue(), '2');
  await close();
  assert.deepEqual(complaints, []);
}

test('the shop in a browser', { skip: noBrowser, concurrency: true }, async (t) => {
  const shop = await startWebShop(t, { products: 240 });
  await Promise.all([
    t.test('every page and state is fit for everybody', () => everyState(shop)),
    t.test('the whole checkout can be done with the keyboard alone', () => checkoutByKeyboard(shop)),
    t.test('scripts add comfort: the count in the cart, steps of a quantity, the total of another country', () =>
      comfort(shop),
    ),
    t.test('card numbers do not leave the browser, whatever field they are typed into', () => cardNumbersStay(shop)),
    t.test('while its page moves, what somebody enters stays, and times are those of their clock', () =>
      entriesStay(shop),
    ),
  ]);
});

test('while the order API is away the page says so, and when to come again', { skip: noBrowser }, async (t) => {
  const url = await startPages(t, 'http://127.0.0.1:9');
  const { page, close } = await openPage();
  const answer = await page.goto(url);
  assert.equal(answer?.status(), 503);
  assert.equal(answer?.headers()['retry-after'], '2');
  assert.deepEqual(await axeViolations(page), []);
  await picture(page, 'light-away');
  await close();
});
