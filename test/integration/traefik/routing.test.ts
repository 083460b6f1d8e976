import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Backend,
  type RunningTraefik,
  startBackend,
  startTraefik,
  traefikName,
  useRoutes,
} from '../../helpers/traefik.ts';
import { until } from '../../helpers/until.ts';
import { Undoing } from '../../standins/environment/scope.ts';

const BOTH = { weights: { a: 100, b: 0 }, colours: ['a', 'b'] as const };
const NAMES = ['web1', 'web2', 'web3', 'oms-producer-a-1', 'oms-producer-a-2', 'oms-producer-b-1', 'oms-producer-b-2'];

const ANSWERED_BY_B =
  /traefik_service_requests_total\{(?=[^}]*code="200")(?=[^}]*method="GET")(?=[^}]*service="producer-b@file")[^}]*\} (\d+)/;

describe(`a site's routes, by ${traefikName}`, () => {
  const scope = new Undoing();
  const backends: Record<string, Backend> = {};
  let traefik: RunningTraefik;
  const of = (...names: string[]) => names.map((name) => backends[name]!);
  const asked = (prefix: string) =>
    Object.values(backends).flatMap(({ name, seen }) => (name.startsWith(prefix) ? seen : []));

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oms-test-'));
    scope.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of NAMES) backends[name] = await startBackend(scope, name);
    traefik = await startTraefik(scope, folder, backends, BOTH);
  });
  after(() => scope.end());
  beforeEach(() => {
    for (const backend of Object.values(backends)) {
      backend.seen.length = 0;
      backend.answer = (_request, response) => response.end(backend.name);
    }
  });

  test('pages go to the three web servers in turn, the API to the colour that runs, strangers nowhere', async () => {
    const pages = await Promise.all(Array.from({ length: 9 }, () => traefik.ask('GET', '/p/BRO-1?x=1')));
    assert.deepEqual(
      pages.map(({ text }) => text).sort(),
      ['web1', 'web2', 'web3'].flatMap((name) => [name, name, name]),
    );
    for (const path of [
      '/api/products',
      '/problems',
      '/problems/x',
      '/schemas/x.json',
      '/hooks/psp',
      '/api/orders:one-click',
    ]) {
      assert.match((await traefik.ask('GET', path)).text, /^oms-producer-a/, path);
    }
    assert.equal((await traefik.ask('GET', '/', { host: 'other.example' })).status, 404);
    assert.match((await traefik.ask('GET', '/console')).text, /^web/);
  });

  test('the staff routes of the API are never reached from outside, however they are written', async () => {
    for (const path of ['/api/admin/orders', '//api/admin/orders', '/api/%61dmin/orders', '/api/x/../admin/orders']) {
      const { text } = await traefik.ask('GET', path);
      assert.doesNotMatch(text, /producer/, path);
    }
    const inside = await fetch(`http://127.0.0.1:${traefik.ports.internal}/api/admin/orders`);
    assert.match(await inside.text(), /^oms-producer-a/);
  });

  test('http goes to https, and nowhere else', async () => {
    const answer = await fetch(`http://127.0.0.1:${traefik.ports.http}/p/x?y=1`, {
      redirect: 'manual',
      headers: { host: 'shop.example' },
    });
    assert.equal(answer.status, 301);
    assert.match(answer.headers.get('location')!, /^https:\/\/[^/:]+\/p\/x\?y=1$/);
  });

  test('servers learn the real address, whatever a client says; browsers are told to be careful', async () => {
    const lies = {
      'x-forwarded-for': '1.2.3.4',
      'x-real-ip': '1.2.3.4',
      'x-oms-maintenance': 'me',
      'user-agent': 'test',
    };
    of('web1', 'web2', 'web3').forEach((backend) => {
      backend.answer = (_request, response) => response.setHeader('x-powered-by', 'x').setHeader('server', 'y').end();
    });
    const { headers } = await traefik.ask('GET', '/search?q=secret', { headers: lies });
    const { headers: seen } = of('web1', 'web2', 'web3').find(({ seen }) => seen.length > 0)!.last!;
    assert.equal(seen['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen['x-real-ip'], '127.0.0.1');
    assert.equal(seen['x-forwarded-proto'], 'https');
    assert.equal(seen.host, 'shop.example');
    assert.equal(seen['x-oms-maintenance'], undefined);
    assert.match(String(headers['strict-transport-security']), /max-age=31536000/);
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers.server, undefined);
    const line = await until('the line of the log', () => traefik.lines.find((text) => text.includes('"web@file"')));
    assert.doesNotMatch(line, /secret/);
    assert.doesNotMatch(traefik.lines.join('\n'), /q=secret/);
  });

  test('an order that was sent once is not sent again, and the answer is problem+json where the web tier has one', async () => {
    of('oms-producer-a-1', 'oms-producer-a-2').forEach((backend) => {
      backend.answer = (request) => void request.socket.destroy();
    });
    of('web1', 'web2', 'web3').forEach((backend) => {
      backend.answer = (request, response) => response.end(`page of ${request.url}`);
    });
    const { status, text } = await traefik.ask('POST', '/api/orders', { body: '{}' });
    assert.equal(status, 502);
    assert.equal(text, 'page of /.errors/502.json');
    assert.deepEqual(asked('oms-producer'), ['POST /api/orders']);
    // One failure after a silence is all of its requests: the breaker is open, and a new one comes with new settings.
    await useRoutes(traefik, BOTH, ({ http }) => {
      http.middlewares['api-breaker'].circuitBreaker.checkPeriod = '2s';
    });
  });

  test('nobody is refused while a server is away: what was not sent goes to the next', async () => {
    await backends['oms-producer-a-1']!.close();
    // What may be sent twice finds out a connection that was kept open and has just gone; an order on it would be refused.
    for (let n = 0; n < 2; n++) assert.equal((await traefik.ask('GET', '/api/x')).status, 200);
    for (let n = 0; n < 10; n++) {
      const { status, text } = await traefik.ask('POST', '/api/orders', { body: '{"n":1}' });
      assert.deepEqual([status, text], [200, 'oms-producer-a-2']);
    }
    await backends['oms-producer-a-1']!.open();
    await until('it is used again', async () => (await traefik.ask('GET', '/api/x')).text === 'oms-producer-a-1');
  });

  test('a web server that drains gets nothing new, and comes back', async () => {
    backends.web2!.healthy = false;
    const isAway = (line: string) => /server_up\{[^}]*\} 0$/.test(line) && line.includes(`url="${backends.web2!.url}"`);
    await until('the proxy has noticed', async () => (await traefik.metrics()).split('\n').some(isAway));
    const answers = await Promise.all(Array.from({ length: 12 }, () => traefik.ask('GET', '/')));
    assert.ok(answers.every(({ status, text }) => status === 200 && text !== 'web2'));
    backends.web2!.healthy = true;
    await until('it is used again', async () => (await traefik.ask('GET', '/')).text === 'web2');
  });

  test('new weights are taken while requests run, by each their share', async () => {
    let running = true;
    const failed: number[] = [];
    const load = (async () => {
      while (running) {
        const { status } = await traefik.ask('GET', '/api/products');
        if (status !== 200) failed.push(status);
        // At the rate that one client is let through for ever, however fast the machine is.
        await delay(10);
      }
    })();
    await useRoutes(traefik, { weights: { a: 90, b: 10 } });
    running = false;
    await load;
    assert.deepEqual(failed, []);
    const counted = async () => Number(ANSWERED_BY_B.exec(await traefik.metrics())?.[1] ?? 0);
    const before = await counted();
    const answers = await Promise.all(Array.from({ length: 100 }, () => traefik.ask('GET', '/api/products')));
    assert.equal(answers.filter(({ text }) => text.startsWith('oms-producer-b')).length, 10);
    await until('they are counted', async () => (await counted()) >= before + 10);
    assert.equal(await counted(), before + 10);
    await useRoutes(traefik, BOTH);
  });

  test('limits: too great a body, too many requests; webhooks and the inside have none', async () => {
    const big = await traefik.ask('POST', '/api/orders', { body: 'x'.repeat(1_048_577) });
    assert.equal(big.status, 413);
    assert.deepEqual(asked('oms-producer'), []);
    await useRoutes(traefik, BOTH, ({ http }) => {
      Object.assign(http.middlewares['api-rate'].rateLimit, { average: 1, period: '1m', burst: 3 });
    });
    const statuses = async (method: string, path: string) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => traefik.ask(method, path)));
      return answers.filter(({ status }) => status === 429).length;
    };
    assert.ok((await statuses('GET', '/api/products')) >= 4);
    assert.equal(await statuses('POST', '/hooks/psp'), 0);
    const inside = await Promise.all(
      Array.from({ length: 8 }, () => fetch(`http://127.0.0.1:${traefik.ports.internal}/api/products`)),
    );
    assert.ok(inside.every(({ status }) => status === 200));
    await useRoutes(traefik, BOTH);
  });

  test('the breaker opens where most answers of the API are failures', async () => {
    of('oms-producer-a-1', 'oms-producer-a-2').forEach((backend) => {
      backend.answer = (_request, response) => response.writeHead(500).end();
    });
    await until(
      'requests no longer reach the API',
      async () => (await traefik.ask('GET', '/api/products')).status === 503,
    );
    assert.match((await traefik.ask('GET', '/')).text, /^web/);
    await useRoutes(traefik, { ...BOTH, colours: ['a'] });
  });

  test('streams pass as they come, over HTTP/2 as well', async () => {
    let release = () => {};
    of('web1', 'web2', 'web3').forEach((backend) => {
      backend.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        release = () => response.end('data: 2\n\n');
      };
    });
    const client = connect(`https://127.0.0.1:${traefik.ports.https}`, { rejectUnauthorized: false });
    const stream = client.request({ ':path': '/orders/1/events', ':authority': 'shop.example' });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await until('the first event', () => text === 'data: 1\n\n');
    release();
    await until('the second', () => text === 'data: 1\n\ndata: 2\n\n');
    client.close();
  });

  test('maintenance: a page for people, a problem for programs, the health check as ever', async () => {
    of('web1', 'web2', 'web3').forEach((backend) => {
      backend.answer = (request, response) => {
        const message = Buffer.from(String(request.headers['x-oms-maintenance'] ?? ''), 'latin1').toString('utf8');
        response.writeHead(503).end(`${request.method} ${request.url} ${message}`);
      };
    });
    await useRoutes(traefik, { ...BOTH, maintenance: { message: 'Zurück um zwölf' } });
    assert.equal(
      (await traefik.ask('GET', '/c/shoes?page=2')).text.replace(/\?.*? /, ' '),
      'GET /.maintenance/page Zurück um zwölf',
    );
    assert.match(
      (await traefik.ask('POST', '/api/orders', { body: '{}' })).text,
      /^POST \/\.maintenance\/problem Zurück/,
    );
    assert.equal((await traefik.ask('GET', '/healthz')).status, 200);
    const inside = await fetch(`http://127.0.0.1:${traefik.ports.internal}/api/products`);
    assert.equal(inside.status, 200);
    await useRoutes(traefik, BOTH);
  });

  test('a file that is wrong changes nothing', async () => {
    traefik.writeRoutes(BOTH, ({ http }) => Object.assign(http.routers.web, { rul: 'x' }));
    await until('it is refused', () => traefik.lines.some((line) => /rul/.test(line)));
    assert.match((await traefik.ask('GET', '/')).text, /^web/);
    traefik.writeRoutes(BOTH);
  });
});
