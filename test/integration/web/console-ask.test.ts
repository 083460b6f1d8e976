import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { type AskDesk, DatabaseAskDesk } from '../../../apps/producer/ask/ask-desk.ts';
import { grantReader } from '../../../lib/database/grants.ts';
import { QueryTimeout } from '../../../lib/query/execute.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { boardOf } from '../../helpers/board.ts';
import { axeViolations, noBrowser, openPage, sidewaysScroll, smallTargets } from '../../helpers/browser.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { SECRETS, startTrial } from '../../helpers/producer.ts';
import { startPages } from '../../helpers/web-shop.ts';

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`ann:${password}`).toString('base64')}` });
const STAFF = basic(SECRETS.admin);

let database: TestDatabase;

before(async () => {
  database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
});

/** The desk of the fixture's shop, at the fixture's clock. */
function fixtureDesk(t: TestContext): AskDesk {
  const desk = new DatabaseAskDesk(database.askUrl);
  t.after(() => desk.close());
  const clock = { now: FIXTURE_NOW, zone: 'Europe/Berlin' };
  return { ask: (question, options) => desk.ask(question, { ...options, clock }), close: () => desk.close() };
}

async function start(t: TestContext, ask?: AskDesk): Promise<string> {
  const orders = { letters: async () => [] };
  const trial = await startTrial(t, { orders, readBoard: async () => boardOf(), ...(ask && { ask }) });
  return startPages(t, trial.url);
}

const plain = (markup: string) => markup.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

const linksIn = (page: string) =>
  [...page.matchAll(/href="(\/console\/ask\?[^"]+)"/g)].map(([, address]) => plain(address!));

async function open(url: string, path: string, headers: Record<string, string> = STAFF) {
  const answer = await fetch(url + path, { headers });
  return { status: answer.status, page: await answer.text() };
}

suite('questions of the staff on a page', () => {
  test('asked by an address, answered in a table, continued by links', async (t) => {
    const url = await start(t, fixtureDesk(t));
    const { status, page } = await open(url, '/console/ask?q=revenue+by+category+last+month');
    assert.equal(status, 200);
    assert.match(page, /revenue by category, Wed 1 Apr - Thu 30 Apr 2026 \(Europe\/Berlin\)/);
    assert.match(page, /<td class="number">€[\d,.]+<\/td>/);
    const next = linksIn(page).find((address) => address.includes('brand'))!;
    const { page: further } = await open(url, next);
    assert.match(further, /revenue by brand, Wed 1 Apr - Thu 30 Apr 2026/);
  });

  test('a question that is asked back offers others, and each of them is answered', async (t) => {
    const url = await start(t, fixtureDesk(t));
    const { status, page } = await open(url, '/console/ask?q=show+me+the+numbers');
    assert.equal(status, 200);
    const links = linksIn(page);
    assert.ok(links.length >= 2);
    for (const link of links) assert.match((await open(url, link)).page, /class="understood"/);
  });

  test('for the staff alone, also where nothing is asked', async (t) => {
    const url = await start(t, fixtureDesk(t));
    for (const path of ['/console/ask', '/console/ask?q=orders']) {
      assert.equal((await open(url, path, {})).status, 401);
      assert.equal((await open(url, path, basic('wrong'))).status, 401);
    }
    assert.match((await open(url, '/console/ask')).page, /For example/);
  });

  test('what goes wrong is said where it was asked', async (t) => {
    const without = await open(await start(t), '/console/ask?q=orders+last+week');
    assert.equal(without.status, 503);
    assert.match(without.page, /OMS_ASK_DATABASE_URL/);
    const slow: AskDesk = { ask: () => Promise.reject(new QueryTimeout('4 s')), close: async () => {} };
    const late = await open(await start(t, slow), '/console/ask?q=orders+last+week');
    assert.equal(late.status, 422);
    assert.match(late.page, /value="orders last week"[\s\S]*took too long/);
    const away = await open(await startPages(t, 'http://127.0.0.1:9'), '/console/ask?q=orders');
    assert.equal(away.status, 503);
    assert.match(away.page, /The order API does not answer/);
    const trial = await startTrial(t, { secrets: {} });
    assert.equal((await open(await startPages(t, trial.url), '/console/ask?q=orders')).status, 404);
  });

  test('addresses that somebody has changed harm nobody', async (t) => {
    const url = await start(t, fixtureDesk(t));
    const marked = await open(url, `/console/ask?q=${encodeURIComponent('<script>alert(1)</script>')}`);
    assert.ok(!marked.page.includes('<script>alert'));
    assert.equal((await open(url, '/console/ask?q=orders+last+week&plan=zzz')).status, 200);
    assert.equal((await open(url, '/console/ask?q=a&q=b&plan=x&plan=y')).status, 200);
  });
});

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1280, height: 900 } } },
  { name: 'narrow and dark', options: { colorScheme: 'dark', viewport: { width: 320, height: 640 } } },
] as const;

for (const { name, options } of LOOKS) {
  test(`questions can be asked by everybody, with scripts and without: ${name}`, { skip: noBrowser }, async (t) => {
    const url = await start(t, fixtureDesk(t));
    const credentials = { httpCredentials: { username: 'ann', password: SECRETS.admin } };
    for (const javaScriptEnabled of [true, false]) {
      const { page, complaints, close } = await openPage({ ...options, ...credentials, javaScriptEnabled });
      t.after(close);
      const found: string[] = [];
      const look = async (what: string) => {
        // The checks are scripts themselves.
        if (!javaScriptEnabled) return;
        found.push(...(await axeViolations(page)).map((one) => `${what}: ${one}`));
        found.push(...(await smallTargets(page)).map((one) => `${what}: ${one}`));
        const cells = await page
          .locator('td, th')
          .evaluateAll((all) => all.map((one) => getComputedStyle(one).display));
        if (cells.some((display) => display !== 'table-cell')) found.push(`${what}: a cell that is none`);
        const sideways = await sidewaysScroll(page);
        if (sideways > 0) found.push(`${what}: ${sideways} px wider than the screen`);
      };
      await page.goto(`${url}/console`);
      if (!javaScriptEnabled) await page.getByRole('link', { name: 'Questions' }).click();
      await page.getByLabel('Ask about orders').fill('orders per day last week');
      await page.getByRole('button', { name: 'Ask', exact: true }).click();
      await page.getByRole('img', { name: /orders count from/ }).waitFor();
      await look('series');
      await page.getByRole('link', { name: 'and by' }).first().click();
      await page.getByRole('heading', { name: 'Understood' }).waitFor();
      await look('bars');
      await page.getByLabel('Ask about orders').fill('show me everything about it');
      await page.getByRole('button', { name: 'Ask', exact: true }).click();
      await page.waitForURL(/everything/);
      await look('asked back');
      assert.deepEqual([found, complaints], [[], []]);
    }
  });
}
