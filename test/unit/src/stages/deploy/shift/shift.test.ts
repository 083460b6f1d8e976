import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { createMachine } from '../../../../../../src/adapters/machine.ts';
import { createRemote } from '../../../../../../src/adapters/ssh/create-remote.ts';
import type { Remote } from '../../../../../../src/adapters/ssh/remote.ts';
import { parseFigures } from '../../../../../../src/stages/deploy/shift/proxy-metrics.ts';
import { type ShiftOptions, shiftTraffic } from '../../../../../../src/stages/deploy/shift/shift.ts';
import { quietContext } from '../../../../../helpers/quiet-context.ts';
import { aSite, localHost, withPrograms } from '../../../../../helpers/sites.ts';
import { tempFolder } from '../../../../../helpers/temp-folder.ts';

type Shares = Record<'a' | 'b', number>;

/** What a proxy of the test counts: requests come by weight, answers as the test says. */
interface FakeProxy {
  shares: Shares[];
  fails: Shares;
  away: Shares;
  perLook: number;
  deaf?: boolean;
  /** How often it was asked, and after how many times it is started anew, with its counters at nothing. */
  looks: number;
  restartsAfter?: number;
  /** It does not answer, always or these times that it is asked. */
  gone?: boolean | readonly number[];
}

function sharesIn(file: string): Shares {
  const { services } = parse(readFileSync(file, 'utf8')).http;
  const of = (name: string) =>
    services.producer.weighted.services.find((share: { name: string }) => share.name === name)?.weight ?? 0;
  return { a: of('producer-a'), b: of('producer-b') };
}

/** Files are written for real; only the question for figures is answered here. */
function fakeRemote(file: string, proxy: FakeProxy): Remote {
  const real = createRemote();
  const totals = { a: [0, 0], b: [0, 0] } as Record<'a' | 'b', [number, number]>;
  let reloads = 1;
  let last = '';
  return {
    ...real,
    run: async (target, argv, options) => {
      if (!argv.some((argument) => argument.includes('urllib'))) return real.run(target, argv, options);
      options?.signal?.throwIfAborted();
      const asked = proxy.looks++;
      const gone = proxy.gone === true || (Array.isArray(proxy.gone) && proxy.gone.includes(asked));
      if (gone) return { code: 1, stdout: '', stderr: 'the proxy does not run' };
      if (asked === proxy.restartsAfter) for (const total of Object.values(totals)) total.fill(0);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text && text !== last && !proxy.deaf) {
        last = text;
        reloads++;
        proxy.shares.push(sharesIn(file));
      }
      const shares = proxy.shares.at(-1) ?? { a: 100, b: 0 };
      const lines = (['a', 'b'] as const).flatMap((colour) => {
        const came = (shares[colour] / 100) * proxy.perLook;
        totals[colour][0] += came * (1 - proxy.fails[colour]);
        totals[colour][1] += came * proxy.fails[colour];
        const service = `service="producer-${colour}@file"`;
        return [
          `traefik_service_requests_total{code="200",method="GET",protocol="http",${service}} ${totals[colour][0]}`,
          `traefik_service_requests_total{code="503",method="POST",protocol="http",${service}} ${totals[colour][1]}`,
          `traefik_service_server_up{${service},url="http://x"} ${proxy.away[colour] ? 0 : 1}`,
        ];
      });
      return { code: 0, stdout: `traefik_config_reloads_total ${reloads}\n${lines.join('\n')}\n`, stderr: '' };
    },
  };
}

function setUp(t: TestContext, parts: Partial<FakeProxy> = {}) {
  withPrograms(t);
  const home = tempFolder(t);
  const site = aSite({ home, hosts: [localHost()] });
  const dynamic = join(home, 'traefik', 'dynamic');
  mkdirSync(dynamic, { recursive: true });
  const none = { a: 0, b: 0 };
  const proxy: FakeProxy = {
    ...{ shares: [], fails: { ...none }, away: { ...none }, perLook: 10_000, looks: 0 },
    ...parts,
  };
  const remote = fakeRemote(join(dynamic, 'routes.yml'), proxy);
  const context = { ...quietContext(home), machine: createMachine(), remote };
  const options: ShiftOptions = {
    ...{ site, from: 'a', to: 'b', steps: [1, 10, 50, 100], seconds: 0.01, budget: 0.01 },
    ...{ minRequests: 20, deadlineSeconds: 5 },
  };
  return { proxy, context, options, dynamic };
}

test('figures are read by colour, with what is 5xx apart', () => {
  const figures = parseFigures(
    [
      '# TYPE x counter',
      'traefik_config_reloads_total 4',
      'traefik_service_requests_total{code="200",method="GET",protocol="http",service="producer-a@file"} 1.2e+03',
      'traefik_service_requests_total{code="502",method="GET",protocol="http",service="producer-a@file"} 3',
      'traefik_service_requests_total{code="404",method="GET",protocol="http",service="producer-b@file"} 7',
      'traefik_service_requests_total{code="500",method="GET",protocol="http",service="web@file"} 9',
      'traefik_service_server_up{service="producer-b@file",url="http://oms-producer-b-1:8080"} 0',
    ].join('\n'),
  );
  assert.deepEqual(figures, {
    reloads: 4,
    counts: { a: { requests: 1_203, failed: 3 }, b: { requests: 7, failed: 0 } },
    away: { a: 0, b: 1 },
  });
});

test('a good release gets its requests step by step', async (t) => {
  const { proxy, context, options, dynamic } = setUp(t);
  const report = await shiftTraffic(options, context);
  assert.deepEqual([report.outcome, report.reason], ['shifted', null]);
  assert.deepEqual(
    report.steps.map(({ percent, quiet }) => [percent, quiet]),
    [1, 10, 50, 100].map((percent) => [percent, false]),
  );
  assert.deepEqual(
    proxy.shares,
    [1, 10, 50, 100].map((b) => ({ a: 100 - b, b })),
  );
  assert.deepEqual(readdirSync(dynamic), ['routes.yml']);
});

test('a release that burns its budget gives the requests back at once', async (t) => {
  const { proxy, context, options } = setUp(t, { fails: { a: 0, b: 0.2 } });
  const report = await shiftTraffic(options, context);
  assert.deepEqual([report.outcome, report.reason, report.steps.length], ['given-back', 'error-budget', 1]);
  assert.deepEqual(proxy.shares.at(-1), { a: 100, b: 0 });
});

test('so does one whose servers go away', async (t) => {
  const { proxy, context, options } = setUp(t, { away: { a: 0, b: 1 }, perLook: 0 });
  const report = await shiftTraffic(options, context);
  assert.deepEqual([report.outcome, report.reason], ['given-back', 'unhealthy']);
  assert.deepEqual(proxy.shares.at(-1), { a: 100, b: 0 });
});

test('a shop without visitors is shifted when the deadline of each step has passed', async (t) => {
  const { context, options } = setUp(t, { perLook: 0 });
  const report = await shiftTraffic({ ...options, steps: [50], deadlineSeconds: 0.05 }, context);
  assert.equal(report.outcome, 'shifted');
  assert.ok(report.steps.every(({ quiet }) => quiet));
});

test('an interrupt gives the requests back before it ends', async (t) => {
  const { proxy, context, options } = setUp(t, { perLook: 0 });
  const abort = new AbortController();
  const draw = () => abort.abort(new Error('interrupted'));
  const watched = { ...context, signal: abort.signal, area: { moving: true, draw } };
  await assert.rejects(shiftTraffic(options, watched));
  assert.deepEqual(proxy.shares, [
    { a: 99, b: 1 },
    { a: 100, b: 0 },
  ]);
});

test('a first deployment has nobody to compare with and no proxy to ask; the same colour stays', async (t) => {
  const { context, options, proxy } = setUp(t, { deaf: true });
  const first = await shiftTraffic({ ...options, from: null }, context);
  assert.deepEqual([first.outcome, first.steps], ['shifted', []]);
  const same = await shiftTraffic({ ...options, from: 'b' }, context);
  assert.equal(same.outcome, 'unchanged');
  assert.deepEqual(proxy.shares, []);
});

test('a proxy that is started anew loses none of what was seen before', async (t) => {
  const { context, options, proxy } = setUp(t, { perLook: 50, restartsAfter: 5 });
  const { steps } = await shiftTraffic({ ...options, steps: [100], minRequests: 200 }, context);
  assert.equal(steps[0]!.next.requests, 200);
  // Before the file, after it, as the base, and four of fifty requests each.
  assert.equal(proxy.looks, 7);
});

test('a look or two that come to nothing end no step, three do', async (t) => {
  const busy = setUp(t, { perLook: 50, gone: [3, 4] });
  assert.equal((await shiftTraffic({ ...busy.options, steps: [100] }, busy.context)).outcome, 'shifted');
  const away = setUp(t, { perLook: 50, gone: [3, 4, 5] });
  await assert.rejects(shiftTraffic({ ...away.options, steps: [100] }, away.context), /figures/);
  assert.deepEqual(away.proxy.shares.at(-1), { a: 100, b: 0 });
});

test('a proxy that does not answer finds the release that runs when it is back', async (t) => {
  const { context, options, dynamic } = setUp(t, { gone: true });
  await assert.rejects(shiftTraffic(options, context), { code: 'deploy_failed' });
  assert.deepEqual(sharesIn(join(dynamic, 'routes.yml')), { a: 100, b: 0 });
});
