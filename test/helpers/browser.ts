import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { after } from 'node:test';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const UNPACKED = join(import.meta.dirname, '../../.oms/browser/usr/lib');

function findProgram(): string | undefined {
  const { OMS_TEST_BROWSER, PATH = '' } = process.env;
  const installed = NAMES.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  const unpacked = NAMES.map((name) => join(UNPACKED, 'chromium', name));
  return [OMS_TEST_BROWSER ?? '', ...unpacked, ...installed].find((file) => file && existsSync(file));
}

const program = findProgram();

/** Why tests with a browser are not run on this machine; false when they are. */
export const noBrowser = program ? false : 'not run: no Chromium here ("npm run browser" unpacks one)';

/** Libraries of an unpacked browser lie beside it, in the folder of the processor; one of them keeps its own apart. */
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .flatMap((name) => [join(UNPACKED, name), join(UNPACKED, name, 'pulseaudio')])
  .join(delimiter);

let browser: Promise<Browser> | undefined;

after(async () => (await browser)?.close());

function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: program!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  return browser;
}

/** A page, and everything that it complained about: errors of scripts, the console, refusals of the security policy. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
  close(): Promise<void>;
}

export async function openPage(options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await (await openBrowser()).newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints, close: () => context.close() };
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds against WCAG 2.2 AA, as "rule: element". */
export async function axeViolations(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  // Evaluated by the debugger, since the page itself takes no script from elsewhere.
  if (!isThere) await page.evaluate(readFileSync(AXE, 'utf8'));
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(TAGS)} } })`,
  )) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** By how many pixels the page is wider than what is seen of it; 0 when nothing has to be scrolled sideways. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') as Promise<number>;

/** Pieces of the page that cover the end of the piece before them. */
export const covered = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('main > *')]
    .filter((one) => one.checkVisibility() && !one.classList.contains('hidden'))
    .flatMap((one, at, all) => {
      const above = all[at - 1]?.getBoundingClientRect().bottom ?? 0;
      const by = Math.round(above - one.getBoundingClientRect().top);
      return by > 0 ? [one.outerHTML.slice(0, 80) + ' covers ' + by + ' px'] : [];
    })`) as Promise<string[]>;

/** Things to press or fill in that are smaller than 24 by 24 pixels, links in running text aside. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('button, input:not([type=hidden]), select, summary, .button, .yours a, .chip')]
    .filter((one) => one.checkVisibility() && !one.classList.contains('hidden'))
    .map((one) => ({ one: one.closest('label') ?? one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(({ one, box }) => one.outerHTML.slice(0, 80) + ' ' + box.width + 'x' + box.height)`) as Promise<string[]>;
