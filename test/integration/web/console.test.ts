import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { LiveBoard } from '../../../apps/producer/live/board-schema.ts';
import { readAssets } from '../../../apps/web/assets.ts';
import type { LetterSummary } from '../../../lib/database/list-letters.ts';
import { boardOf, letterOf, troubled } from '../../helpers/board.ts';
import { axeViolations, covered, noBrowser, openPage, sidewaysScroll } from '../../helpers/browser.ts';
import { openEventSource } from '../../helpers/event-source.ts';
import { SECRETS, startTrial } from '../../helpers/producer.ts';
import { builtAssets, startPages } from '../../helpers/web-shop.ts';

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`ann:${password}`).toString('base64')}` });
const STAFF = basic(SECRETS.admin);

/** The pages in front of an order API whose board and dead letters the test decides on. */
async function startConsole(t: TestContext, board: LiveBoard = boardOf(), letters: LetterSummary[] = []) {
  const state = { board: board as LiveBoard | undefined, letters };
  const readBoard = async () => state.board ?? Promise.reject(new Error('the database is away'));
  const trial = await startTrial(t, { readBoard, orders: { letters: async () => state.letters } });
  return { state, url: await startPages(t, trial.url) };
}

const open = (url: string, headers: Record<string, string> = STAFF) => fetch(`${url}/console`, { headers });

test('the staff see the whole flow without a script', async (t) => {
  const { board, letters } = troubled();
  const { url } = await startConsole(t, board, letters);
  const answer = await open(url);
  const page = await answer.text();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'private, no-store');
  const said = [
    /<h1>Nobody reads partition 3<\/h1>/,
    /No progress on partition 1/,
    /6 dead letters wait for you/,
    /1,204 behind for 42 s, no progress/,
    /<code>consumer-2<\/code>/,
    /<span class="big">126<\/span>/,
    /<polyline class="line placed"/,
    /href="\/orders\/0190a000-0000-8000-8000-000000000000"/,
    /oms dlq retry 9<\/code>[\s\S]*3 events wait behind it/,
    /Not as the schema says <span class="times">4×/,
    /items\/0\/quantity must be integer/,
    /<noscript><meta http-equiv="refresh" content="5"><\/noscript>/,
  ];
  for (const words of said) assert.match(page, words);
  // The order API keeps to itself what a detail may quote.
  assert.doesNotMatch(page, /not shown/);
});

test('nobody gets in without the token, and nobody may try it for long', async (t) => {
  const { url } = await startConsole(t);
  for (let visit = 0; visit < 15; visit++) {
    const refused = await open(url, {});
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate')!, /^Basic realm="[^"]+", charset="UTF-8"$/);
  }
  assert.equal((await open(url)).status, 200);
  // The clock stands, so that no attempt comes back meanwhile.
  const now = performance.now();
  t.mock.method(performance, 'now', () => now);
  const statuses: number[] = [];
  for (const path of ['console', 'console/events']) {
    for (let attempt = 0; attempt < 6; attempt++) {
      const wrong = attempt % 2 === 0 ? 'wrong' : 'w r ö n g';
      statuses.push((await fetch(`${url}/${path}`, { headers: basic(wrong) })).status);
    }
  }
  assert.deepEqual(statuses, [...Array(10).fill(401), 429, 429]);
  const late = await open(url);
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get('retry-after')) <= 6);
  assert.equal((await fetch(`${url}/console`, { method: 'POST', headers: STAFF })).status, 404);
});

test('a stream brings what has changed, and the letters when there are others', async (t) => {
  const { url, state } = await startConsole(t);
  const source = await openEventSource(t, `${url}/console/events`, STAFF);
  assert.equal(source.status, 200);
  const partsOf = ({ data }: { data: string }) => (JSON.parse(data) as { parts: Record<string, string> }).parts;
  const first = await source.next(({ event }) => event === 'live');
  const page = await (await open(url)).text();
  for (const piece of Object.values(partsOf(first))) assert.ok(page.includes(piece));
  assert.ok(partsOf(first).newest);
  state.letters = [letterOf(3)];
  state.board = boardOf({ dead_letters: { open: 1, parked: 0 } });
  const later = await source.next((event) => partsOf(event).letters?.includes('oms dlq retry 3') ?? false);
  assert.deepEqual([partsOf(later).newest, partsOf(later).rates], [undefined, undefined]);
  assert.match(JSON.parse(later.data).title, /1 dead letter waits/);
});

test('without the order API or a token there, the page says so', async (t) => {
  const away = await open(await startPages(t, 'http://127.0.0.1:9'));
  assert.equal(away.status, 503);
  assert.match(await away.text(), /The order API does not answer[\s\S]*data-part="figures"><\/section>/);
  const trial = await startTrial(t, { secrets: {} });
  const without = await open(await startPages(t, trial.url));
  assert.equal(without.status, 404);
  assert.match(await without.text(), /OMS_ADMIN_TOKEN/);
});

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1280, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 360, height: 740 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 320, height: 640 } } },
] as const;

const CREDENTIALS = { httpCredentials: { username: 'ann', password: SECRETS.admin } };

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.OMS_TEST_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

for (const { name, options } of LOOKS) {
  test(`the staff's page is fit for everybody in every state: ${name}`, { skip: noBrowser }, async (t) => {
    const { url, state } = await startConsole(t);
    const { page, complaints, close } = await openPage({ ...options, ...CREDENTIALS });
    t.after(close);
    const found: string[] = [];
    const look = async (what: string, title: string) => {
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      found.push(...(await axeViolations(page)).map((one) => `${what}: ${one}`));
      found.push(...(await covered(page)).map((one) => `${what}: ${one}`));
      const sideways = await sidewaysScroll(page);
      if (sideways > 0) found.push(`${what}: ${sideways} px wider than the screen`);
      await picture(page, `${name}-console-${what}`);
    };
    await page.goto(`${url}/console`);
    await page.evaluate('globalThis.isSamePage = true');
    await look('calm', 'Everything flows');
    const { board, letters } = troubled();
    Object.assign(state, { board, letters });
    await page.getByText('Could not be handled').waitFor();
    await look('troubled', 'Nobody reads partition 3');
    const none = { newest: [], partitions: [], behind: null, open_orders: {}, rates: [] };
    Object.assign(state, { board: boardOf(none), letters: [] });
    await look('empty', 'Waiting for the first order');
    state.board = undefined;
    await page.getByText('nothing has come since').waitFor();
    await look('stale', 'Waiting for the first order');
    assert.equal(await page.evaluate('globalThis.isSamePage'), true);
    assert.deepEqual([found, complaints], [[], []]);
    await page.goto(`${url}/console`);
    await look('away', 'The order API does not answer');
    state.board = boardOf();
    await look('back', 'Everything flows');
  });
}

test('who reads with the keyboard or marks words is left where they are while the page moves', {
  skip: noBrowser,
}, async (t) => {
  const { url, state } = await startConsole(t);
  const { page, complaints, close } = await openPage(CREDENTIALS);
  t.after(close);
  await page.goto(`${url}/console`);
  const link = page.locator('[data-part="newest"] a').nth(2);
  const href = await link.getAttribute('href');
  await link.focus();
  const [first, ...others] = boardOf().newest;
  state.board = boardOf({
    newest: [{ ...first!, order_id: '0190a000-0000-8000-8000-0000000000aa' }, first!, ...others],
  });
  await page.locator('a[href$="aa"]').waitFor();
  assert.equal(await page.evaluate('document.activeElement.getAttribute("href")'), href);
  await page.evaluate(`getSelection().selectAllChildren(document.querySelector('[data-part="newest"] table'))`);
  state.board = boardOf({ placed_per_minute: 777, newest: [] });
  await page.getByText('777').waitFor();
  assert.equal(await page.getByText('No order yet.').count(), 0);
  await page.evaluate('getSelection().removeAllRanges()');
  await page.getByText('No order yet.').waitFor();
  assert.deepEqual(complaints, []);
});

test('the scripts of the page stay within 40 KB', async () => {
  const folder = await builtAssets();
  const { url } = readAssets(folder);
  const bytes = ['main.js', 'console.js'].map(
    (name) => statSync(join(folder, `${url(name).slice('/assets/'.length)}.gz`)).size,
  );
  assert.ok(bytes.reduce((sum, one) => sum + one, 0) <= 40_000, `${bytes}`);
});
