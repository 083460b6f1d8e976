import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { provideNginx, startWebServer, type WebServer } from '../../helpers/nginx.ts';
import { type Backend, startBackend } from '../../helpers/traefik.ts';
import { until } from '../../helpers/until.ts';
import { Undoing } from '../../standins/environment/scope.ts';

const nginx = await provideNginx();
const SCRIPT = `console.log(${'1+'.repeat(2_000)}1)`;

describe("the shop's web server", { skip: 'missing' in nginx ? `not run: no nginx (${nginx.missing})` : false }, () => {
  const scope = new Undoing();
  const pages: Backend[] = [];
  let web: WebServer;
  const seen = () => pages.flatMap(({ seen }) => seen);
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
    fetch(`http://127.0.0.1:${web.port}${path}`, { method, headers, redirect: 'manual', ...(body && { body }) });
  /** Waits until each of two requests goes to a server of its own: one that has failed is left out for some seconds. */
  const bothServe = () =>
    until('both servers are used', async () => {
      for (const backend of pages) backend.seen.length = 0;
      for (let n = 0; n < 2; n++) await get('/cart');
      return pages.every((backend) => backend.seen.length === 1);
    });

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oms-test-'));
    scope.after(() => rmSync(folder, { recursive: true, force: true }));
    pages.push(await startBackend(scope, 'pages1'), await startBackend(scope, 'pages2'));
    const assets = join(folder, 'nginx', 'static', 'assets');
    mkdirSync(assets, { recursive: true });
    writeFileSync(join(assets, 'shop-abc123.js'), SCRIPT);
    writeFileSync(join(assets, 'shop-abc123.js.gz'), gzipSync(SCRIPT));
    const { root } = nginx as { root: string };
    web = await startWebServer(scope, root, folder, [pages[0]!.url, pages[1]!.url]);
  });
  after(() => scope.end());
  beforeEach(() => {
    for (const backend of pages) {
      backend.seen.length = 0;
      backend.answer = (_request, response) =>
        response.setHeader('content-type', 'text/html').end(`<p>${backend.name}`);
    }
  });

  test('assets come from its own disk, compressed beforehand, for ever', async () => {
    const answer = await get('/assets/shop-abc123.js', { 'accept-encoding': 'gzip' });
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    assert.match(answer.headers.get('cache-control')!, /max-age=31536000, immutable/);
    assert.match(answer.headers.get('content-type')!, /javascript/);
    assert.equal(await answer.text(), SCRIPT);
    const missing = await get('/assets/none-1.js');
    assert.equal(missing.status, 404);
    assert.match(await missing.text(), /Nothing here/);
    assert.equal((await get('/assets/shop-abc123.js', {}, 'POST', 'x')).status, 403);
    assert.deepEqual(seen(), []);
  });

  test('the catalogue is kept for visitors without a cookie, and only for them', async () => {
    const states = [];
    for (const headers of [{}, {}, { cookie: 'cart=1' }, { authorization: 'Basic x' }, {}]) {
      states.push((await get('/p/BRO-1', headers)).headers.get('x-cache'));
    }
    assert.deepEqual(states, ['MISS', 'HIT', 'BYPASS', 'BYPASS', 'HIT']);
    pages.forEach((backend) => {
      backend.answer = (_request, response) => response.setHeader('set-cookie', 'a=1').end('mine');
    });
    assert.equal((await get('/p/BRO-2')).headers.get('x-cache'), 'MISS');
    assert.equal((await get('/p/BRO-2')).headers.get('x-cache'), 'MISS');
    assert.equal((await get('/cart')).headers.get('x-cache'), null);
  });

  test('with the pages away the catalogue goes on, old; the rest says so in words and with Retry-After', async () => {
    for (const backend of pages) {
      backend.answer = (_request, response) => response.setHeader('cache-control', 'max-age=1').end('kept');
    }
    assert.equal((await get('/c/shoes')).headers.get('x-cache'), 'MISS');
    await Promise.all(pages.map((backend) => backend.close()));
    const stale = await until('it is stale', async () => {
      const answer = await get('/c/shoes');
      return answer.headers.get('x-cache') === 'HIT' ? undefined : answer;
    });
    assert.match(stale.headers.get('x-cache')!, /STALE|UPDATING/);
    assert.equal(await stale.text(), 'kept');
    const away = await get('/checkout', {}, 'POST', 'a=b');
    assert.equal(away.status, 503);
    assert.equal(away.headers.get('retry-after'), '5');
    assert.match(await away.text(), /right back/);
    await Promise.all(pages.map((backend) => backend.open()));
    await bothServe();
  });

  test('a form that was sent is not sent again; a page is asked for again', async () => {
    for (const backend of pages) backend.answer = (incoming) => void incoming.socket.destroy();
    assert.equal((await get('/checkout', {}, 'POST', 'a=b')).status, 503);
    assert.deepEqual(seen(), ['POST /checkout']);
    await until(
      'both servers are tried again',
      async () => {
        pages.forEach((backend) => {
          backend.seen.length = 0;
        });
        await get('/orders');
        return seen().length === 2;
      },
      30_000,
    );
    for (const backend of pages) backend.answer = (_request, response) => response.end('back');
    await bothServe();
  });

  test('one server of the pages away is not noticed', async () => {
    await pages[0]!.close();
    for (let n = 0; n < 10; n++) assert.equal((await get('/checkout', {}, 'POST', 'a=b')).status, 200);
    await pages[0]!.open();
  });

  test('it says who answered, names the real client once, and keeps what is asked out of its log', async () => {
    const answer = await get('/account?token=secret', {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
    });
    assert.equal(answer.headers.get('x-served-by'), hostname().toLowerCase());
    assert.match(answer.headers.get('content-security-policy')!, /^default-src 'self'/);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('server'), 'nginx');
    const { headers } = pages.find(({ seen }) => seen.length > 0)!.last!;
    assert.equal(headers['x-forwarded-for'], '203.0.113.7');
    assert.equal(headers['x-forwarded-proto'], 'https');
    const line = await until('the line of the log', () => web.log().find((text) => text.includes('"/account"')));
    assert.equal(JSON.parse(line).client, '203.0.113.7');
    assert.ok(web.log().every((text) => JSON.parse(text) && !text.includes('secret')));
  });

  test('what the pages say of security is not said twice', async () => {
    for (const backend of pages) {
      backend.answer = (_request, response) =>
        response
          .setHeader('content-security-policy', "default-src 'none'")
          .setHeader('x-frame-options', 'SAMEORIGIN')
          .end();
    }
    const { headers } = await get('/orders');
    assert.equal(headers.get('content-security-policy'), "default-src 'none'");
    assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN');
  });

  test('events pass as they come', async () => {
    let finish = () => {};
    for (const backend of pages) {
      backend.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        finish = () => response.end('data: 2\n\n');
      };
    }
    const reader = (await get('/orders/ord-1/events')).body!.getReader();
    assert.equal(Buffer.from((await reader.read()).value!).toString(), 'data: 1\n\n');
    finish();
    assert.equal(Buffer.from((await reader.read()).value!).toString(), 'data: 2\n\n');
  });

  test('a drained server says so to the proxy alone, and goes on answering', async () => {
    assert.equal((await get('/healthz')).status, 200);
    writeFileSync(join(web.tmp, 'drain'), '');
    assert.equal((await get('/healthz')).status, 503);
    assert.equal((await get('/healthz', { 'x-forwarded-for': '192.0.2.1' })).status, 200);
    assert.equal((await get('/cart')).status, 200);
    rmSync(join(web.tmp, 'drain'));
    assert.equal((await get('/healthz')).status, 200);
  });

  test('too large a form gets a page of its own', async () => {
    const answer = await get('/checkout', {}, 'POST', 'x'.repeat(65_537));
    assert.equal(answer.status, 413);
    assert.match(await answer.text(), /too much/);
  });

  test('what the proxy asks for when no producer answers', async () => {
    for (const code of [502, 504]) {
      const answer = await get(`/.errors/${code}.json`);
      assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/);
      assert.equal(((await answer.json()) as { status: number }).status, code);
    }
  });

  test('maintenance: 503 with Retry-After, the message as text, also for forms; nobody gets there by themselves', async () => {
    const header = (message: string) => ({ 'x-oms-maintenance': Buffer.from(message, 'utf8').toString('latin1') });
    // fetch does not send such bytes; Traefik does.
    const ask = (method: string, path: string, headers: Record<string, string>) =>
      new Promise<{ status: number; type: string; retry: string; text: string }>((resolve, reject) => {
        const call = request({ port: web.port, method, path, headers }, async (answer) => {
          let text = '';
          for await (const chunk of answer.setEncoding('utf8')) text += chunk;
          const { 'content-type': type = '', 'retry-after': retry = '' } = answer.headers;
          resolve({ status: answer.statusCode!, type, retry, text });
        });
        call.on('error', reject).end();
      });
    const page = await ask('POST', '/.maintenance/page', header('Zurück um <b>12</b> & so'));
    assert.deepEqual([page.status, page.retry], [503, '60']);
    assert.match(page.type, /^text\/html/);
    assert.match(page.text, /Zurück um &lt;b&gt;12&lt;\/b&gt; &amp; so/);
    assert.match((await ask('GET', '/.maintenance/page', header('on'))).text, /back soon/);
    const problem = await ask('POST', '/.maintenance/problem', header('x'));
    assert.deepEqual([problem.status, problem.retry], [503, '60']);
    assert.match(problem.type, /^application\/problem\+json/);
    assert.equal(JSON.parse(problem.text).code, 'maintenance');
    for (const path of ['/.maintenance/page', '/.maintenance/problem', '/.maintenance/page.html']) {
      assert.equal((await ask('GET', path, {})).status, 404, path);
    }
  });

  test('figures are for an exporter beside it', async () => {
    const answer = await fetch(`http://127.0.0.1:${web.statusPort}/status`);
    assert.match(await answer.text(), /Active connections/);
    pages.forEach((backend) => {
      backend.seen.length = 0;
    });
    await get('/status');
    assert.deepEqual(seen(), ['GET /status']);
  });
});

test("the policy of nginx's own pages allows their style sheet, and they are read without anything else", () => {
  const folder = new URL('../../../templates/compose/images/web/nginx/', import.meta.url);
  const policy = readFileSync(new URL('oms/own-page.conf', folder), 'utf8');
  for (const name of ['.errors/away', '.errors/not-found', '.errors/too-large', '.maintenance/page']) {
    const page = readFileSync(new URL(`static/${name}.html`, folder), 'utf8');
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!;
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`), name);
    assert.doesNotMatch(page, /<script|src=|@import|url\(/);
  }
});
