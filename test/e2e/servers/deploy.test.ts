import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { DeployResult } from '../../../src/stages/deploy/deploy.ts';
import { assertStored, atAnotherTime, DOMAIN, type LabSite, labSite } from '../../helpers/lab-site.ts';
import { assertRefusals } from '../../helpers/refused-deployments.ts';
import { badRelease, nextRelease } from '../../helpers/release-copy.ts';
import { placeOrder, plainOrder } from '../../helpers/site-client.ts';
import type { LoadCount } from '../../helpers/site-load.ts';
import { until } from '../../helpers/until.ts';
import { labForTest } from '../../standins/servers/lab-for-test.ts';

const SERVER = 'shop-1';
const WEB = ['web1', 'web2', 'web3'];
const DEPLOY = ['deploy', '--env', 'demo', '--yes'];
const QUICK = [...DEPLOY, '--skip-base', '--shift', '50,100', '--shift-seconds', '2'];

/** What a step has to say of itself besides its seconds. */
type Step = (site: LabSite) => Promise<string>;

const firstDeployment = ({ server, certificates }: LabSite): string[] => [
  ...[...DEPLOY, '--hosts', `${server.user}@${server.address}`, '--identity', server.identityFile],
  ...['--domain', DOMAIN, '--events', 'local', '--payments', 'sandbox', '--backup-at', atAnotherTime()],
  ...['--certificate', certificates.certFile, '--certificate-key', certificates.keyFile],
];

const phasesOf = ({ rollout }: DeployResult) =>
  rollout!.phases.map(({ playbook, seconds }) => `${playbook} ${seconds.toFixed(0)}`).join(', ');

/** One retry of a client is allowed, a second failure is not. */
async function assertHeld(site: LabSite, count: LoadCount): Promise<string> {
  assert.deepEqual(count.failed, []);
  await assertStored(site, count.orders);
  const { requests, retried, orders, slowestMs } = count;
  return `${requests} requests, 0 failed, ${retried} retried, ${orders.size} orders, slowest ${Math.round(slowestMs)} ms`;
}

const runningRelease = async ({ shell }: LabSite): Promise<string> =>
  JSON.parse(await shell('cat /opt/oms/state.json')).release;

const deployBare: Step = async (site) => {
  const result = await site.json<DeployResult>(firstDeployment(site));
  assert.equal(result.outcome, 'deployed');
  await site.seed();
  return phasesOf(result);
};

const deployAgain: Step = async ({ json }) => {
  const result = await json<DeployResult>(DEPLOY);
  assert.equal(result.outcome, 'unchanged');
  assert.equal(result.rollout?.changed, 0);
  return `0 changed: ${phasesOf(result)}`;
};

const askAll: Step = async ({ client }) => {
  const servedBy = new Map<unknown, number>();
  for (let asked = 0; asked < 300; asked++) {
    const { status, headers } = await client.ask('/healthz');
    assert.equal(status, 200);
    servedBy.set(headers['x-served-by'], (servedBy.get(headers['x-served-by']) ?? 0) + 1);
  }
  assert.deepEqual([...servedBy.keys()].toSorted(), WEB);
  return [...servedBy].map(([name, times]) => `${name} ${times}`).join(', ');
};

const STOPPED = 'oms-web2-1';

const stopWebServer: Step = async (site) => {
  const stopped = async () => {
    await site.shell(`docker stop ${STOPPED}`);
    await until('customers are there', () => site.client.ask('/').then(({ status }) => status === 200));
  };
  const count = await site.underLoad(stopped, 200);
  await site.shell(`docker start ${STOPPED}`);
  return assertHeld(site, count);
};

const bringOutRelease: Step = async (site) => {
  const program = nextRelease(join(site.folder, 'next'), 'next');
  const before = await runningRelease(site);
  const count = await site.underLoad(() => site.json<DeployResult>(QUICK, { program }), 1_500);
  assert.notEqual(await runningRelease(site), before);
  return assertHeld(site, count);
};

const bringOutBadRelease: Step = async (site) => {
  const program = badRelease(join(site.folder, 'bad'));
  const before = await runningRelease(site);
  const count = await site.underLoad(async () => {
    const bad = site.failure([...QUICK, '--gate-seconds', '30'], { program });
    await until('the bad release is at it', () => site.shell('ls /opt/oms/deploying.json').catch(() => ''), 60_000);
    const second = await site.failure(DEPLOY);
    assert.deepEqual({ exit: second.exit, code: second.code }, { exit: 3, code: 'deploy_locked' });
    const { exit, code, message } = await bad;
    assert.deepEqual({ exit, code }, { exit: 5, code: 'deploy_failed' });
    assert.match(message, new RegExp(`release ${before} runs as before`));
  });
  assert.equal(await runningRelease(site), before);
  return assertHeld(site, count);
};

const rollBack: Step = async (site) => {
  const before = await runningRelease(site);
  let result: DeployResult | undefined;
  const count = await site.underLoad(async () => {
    result = await site.json<DeployResult>(['rollback', '--env', 'demo', '--yes']);
  });
  assert.notEqual(await runningRelease(site), before);
  return `${result!.rollout!.seconds.toFixed(0)} s; ${await assertHeld(site, count)}`;
};

const cutPower: Step = async (site) => {
  const seconds = { boot: 0, api: 0 };
  const count = await site.underLoad(async ({ orders }) => {
    await until('orders come', () => orders.size >= 20, 60_000);
    await site.server.powerCut();
    seconds.boot = await site.server.boot();
    const from = performance.now();
    const customer = site.customer();
    const isThere = async (): Promise<boolean> => {
      const answer = await customer.ask('/api/products?limit=1').catch(() => undefined);
      return answer?.status === 200;
    };
    await until('the order API answers', isThere, 180_000);
    seconds.api = (performance.now() - from) / 1_000;
  });
  const order = async (): Promise<boolean> => {
    const catalogue = await site.client.ask('/api/products?limit=1');
    if (catalogue.status !== 200) return false;
    const [{ sku }] = JSON.parse(catalogue.text).items;
    return (await placeOrder(site.client, 'after-the-cut', plainOrder('c-1', sku))).status < 300;
  };
  // A connection of before the cut is found out when it is used.
  await until('an order is taken', () => order().catch(() => false));
  await assertStored(site, count.orders);
  await site.json(['verify', '--env', 'demo', '--wait', '60s']);
  const lost = `${count.orders.size} of ${count.orders.size} acknowledged orders there, the books balance`;
  return `booted in ${seconds.boot.toFixed(1)} s, API after ${seconds.api.toFixed(1)} s more; ${lost}`;
};

const ORDERS = 'SELECT COUNT(*), COUNT(DISTINCT order_id), SUM(total_minor) FROM orders';

const restore: Step = async ({ json, sql }) => {
  const before = await sql(ORDERS);
  await json(['backup', 'create', '--env', 'demo']);
  await sql('SET FOREIGN_KEY_CHECKS = 0; DELETE FROM orders');
  assert.match((await sql(ORDERS))[0]!, /^0\t/);
  await json(['backup', 'restore', 'latest', '--env', 'demo', '--confirm', 'demo', '--no-backup-first']);
  assert.deepEqual(await sql(ORDERS), before);
  return `orders, ids, total: ${before[0]!.replaceAll('\t', ', ')}`;
};

const operate: Step = async ({ json, oms, client }) => {
  await json(['maintenance', 'on', '--env', 'demo', '--message', 'Back at noon.']);
  const statusOf = async () => (await client.ask('/')).status;
  await until('the shop is closed', async () => (await statusOf()) === 503).catch(() => undefined);
  assert.equal(await statusOf(), 503);
  const { headers, text } = await client.ask('/');
  assert.ok(headers['retry-after']);
  assert.match(text, /Back at noon\./);
  await json(['maintenance', 'off', '--env', 'demo']);
  await until('the shop is open', async () => (await statusOf()) === 200);

  const status = await json<{ health: string; hosts: { containers: unknown[] }[] }>(['status', '--env', 'demo']);
  assert.equal(status.health, 'healthy');
  const { code, stdout } = await oms(['logs', 'traefik', '--env', 'demo', '--lines', '5', '--json']);
  assert.equal(code, 0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(lines.length > 0 && lines.every(({ container }) => container === 'traefik-1'), stdout);
  return `${status.hosts[0]!.containers.length} containers, ${status.health}`;
};

const refuse: Step = async (site) => (await assertRefusals(site)).join(', ');

const STEPS: Record<string, Step> = {
  'a bare server is deployed to': deployBare,
  'a second run changes nothing': deployAgain,
  'three web servers answer': askAll,
  'one web server is stopped': stopWebServer,
  'a release goes out under load': bringOutRelease,
  'a bad release goes back by itself': bringOutBadRelease,
  'the release before is brought back': rollBack,
  'the power is cut': cutPower,
  'a backup is restored': restore,
  'the shop is closed, opened, looked at': operate,
  'what cannot be is refused beforehand': refuse,
};

async function tell(t: TestContext, site: LabSite): Promise<void> {
  const table: string[] = [];
  let isDeployed = false;
  for (const [name, step] of Object.entries(STEPS)) {
    await t.test(name, { timeout: 600_000 }, async () => {
      const from = performance.now();
      let note = 'failed';
      try {
        note = await step(site);
        isDeployed = true;
      } finally {
        table.push(`${((performance.now() - from) / 1_000).toFixed(0).padStart(5)} s  ${name}: ${note}`);
      }
    });
    // Without a first deployment there is nothing that the others could be tried on.
    if (!isDeployed) break;
  }
  for (const line of table) t.diagnostic(line);
}

suite('oms deploy, on a server that was bare', { timeout: 1_800_000 }, () => {
  test('from the first deployment to a restored backup', { timeout: 1_800_000 }, async (t) => {
    const lab = await labForTest(t, { servers: [SERVER] });
    if (!lab) return;
    await tell(t, await labSite(t, lab.server(SERVER)));
  });
});
