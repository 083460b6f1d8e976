import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { Context } from '../../../../../src/context.ts';
import type { Site } from '../../../../../src/stages/deploy/site.ts';
import { expectedServices } from '../../../../../src/stages/site/judge.ts';
import { SiteStatus } from '../../../../../src/stages/site/site-status.ts';
import { siteStatus } from '../../../../../src/stages/site/status.ts';
import { renderSiteStatus } from '../../../../../src/stages/site/status-view.ts';
import { type FakeContainer, fakeDocker } from '../../../../helpers/fake-docker.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, oneOfTwoAway, refusingHost, SSH_OF_TWO, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const STATE = {
  version: 1,
  release: 'r-0123456789ab',
  previous: null,
  colours: { producer: 'a', consumer: 'b' },
  deployedAt: '2026-11-21T10:00:00Z',
  deployedBy: 'anna@laptop',
} as const;
const AUDIT = {
  ...{ at: '2026-11-21T10:00:00Z', by: 'anna@laptop', action: 'deploy', why: 'spring offers', release: STATE.release },
  ...{ from: null, outcome: 'done', seconds: 61, detail: null },
};

const ALL = expectedServices({ groups: ['web', 'app', 'data'], state: STATE }, aSite()).map((service) => ({ service }));
const but = (service: string, parts: Partial<FakeContainer>): FakeContainer[] =>
  ALL.map((container) => (container.service === service ? { ...container, ...parts } : container));

interface Setting {
  containers?: readonly FakeContainer[];
  site?: Partial<Site>;
  deployed?: boolean;
  certificate?: string | undefined;
  docker?: string;
}

function setUp(t: TestContext, { containers = ALL, site = {}, deployed = true, certificate, docker }: Setting = {}) {
  withPrograms(t, { docker: docker ?? fakeDocker(containers), ...(site.hosts?.[1] && { ssh: SSH_OF_TWO }) });
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  mkdirSync(home);
  if (deployed) writeFileSync(join(home, 'state.json'), JSON.stringify(STATE));
  mkdirSync(join(folder, 'oms', 'demo'), { recursive: true });
  writeFileSync(join(folder, 'oms', 'demo', 'deploy.json'), JSON.stringify(aSite({ home, ...site })));
  const quiet = quietContext(join(folder, 'oms'));
  const shown = certificate ? { issuer: 'An authority', validTo: certificate } : undefined;
  const machine = { ...quiet.machine, servedCertificate: async () => shown };
  const context: Context = { ...quiet, machine, now: () => NOW };
  return { home, context, look: () => siteStatus('demo', context) };
}

suite('how a site is', () => {
  test('healthy: release, containers, backlog and certificate in one sentence, and everything as data', async (t) => {
    const { look, home } = setUp(t, {
      containers: but('consumer-b', { lag: 1_234 }),
      certificate: '2027-02-01T00:00:00.000Z',
    });
    writeFileSync(join(home, 'audit.jsonl'), `${JSON.stringify(AUDIT)}\n`);
    const status = await look();
    assert.equal(
      status.sentence,
      `Healthy: r-0123456789ab since 2026-11-21 10:00 UTC, ${ALL.length} containers on 1 server, 1,234 events waiting, certificate until 2027-02-01.`,
    );
    assert.ok(Compile(SiteStatus).Check(status));
    const text = renderSiteStatus(status, { width: 140, style: (_, word) => word }, NOW);
    assert.match(text, /shop-1 +oms-producer-a-1 +healthy +2 h 0 m/);
    assert.match(text, /anna@laptop +deploy +r-0123456789ab +done +61 s +spring offers/);
  });

  test('a container that is not ready says which of its checks fail', async (t) => {
    const ready = '{"status":"not ready","checks":{"database":{"ok":false,"detail":"no answer within 1 s"}}}';
    const { look } = setUp(t, { containers: but('producer-a', { health: 'unhealthy', ready }) });
    const { health, sentence } = await look();
    assert.equal(health, 'degraded');
    assert.match(sentence, /oms-producer-a-1 is not ready \(database: no answer within 1 s\)/);
    assert.match(sentence, /Next: oms logs --env demo producer-a$/);
  });

  test('containers that end, that are missing, and the idle colour, which nobody misses', async (t) => {
    const containers = but('web1', { state: 'exited', exitCode: 137 }).filter(({ service }) => service !== 'notifier');
    const idle = { service: 'producer-b', state: 'exited' };
    const { sentence } = await setUp(t, { containers: [...containers, idle] }).look();
    assert.match(sentence, /^Degraded: oms-web1-1 is exited \(exit code 137\); notifier is not there\. Next:/);
  });

  test('a Docker that hangs is told as that, not as containers that are missing', async (t) => {
    const { sentence } = await setUp(t, { docker: 'exit 124' }).look();
    assert.match(sentence, /Docker of shop-1 does not answer \(it says nothing\)/);
    assert.doesNotMatch(sentence, /not there/);
  });

  test('what a server says of containers and locks is shown as text', async (t) => {
    const { look, home } = setUp(t, { containers: but('web1', { health: 'odd\u001b[2J' }) });
    const state = { ...STATE, release: 'r\u001b[1m' };
    writeFileSync(join(home, 'state.json'), JSON.stringify(state));
    const text = renderSiteStatus(await look(), { width: 240, style: (_, word) => word }, NOW);
    assert.ok(!text.includes('\u001b'), text);
  });

  test('a server that is away is told beside what the others say', async (t) => {
    const hosts = oneOfTwoAway({}, { groups: ['app'] });
    const { health, sentence } = await setUp(t, { site: { hosts } }).look();
    assert.equal(health, 'degraded');
    assert.match(sentence, /shop-2 is away \(nothing listens on port 22 of 192\.0\.2\.2\)/);
  });

  test('no server answers', async (t) => {
    const { health, sentence } = await setUp(t, { site: { hosts: [refusingHost()] } }).look();
    assert.equal(health, 'down');
    assert.match(sentence, /^Down, as far as can be told from here: no server can be asked: shop-1 \(nothing listens/);
  });

  test('nothing is deployed, and nothing runs', async (t) => {
    const bare = await setUp(t, { containers: [], deployed: false }).look();
    assert.equal(bare.sentence, 'Down: nothing is deployed. Next: oms deploy --env demo');
    const stopped = ALL.map((container) => ({ ...container, state: 'exited' }));
    assert.match((await setUp(t, { containers: stopped }).look()).sentence, /^Down: no container runs\./);
  });

  test('a certificate that ends soon, or has ended', async (t) => {
    const soon = await setUp(t, { certificate: '2026-11-25T12:00:00.000Z' }).look();
    assert.match(soon.sentence, /^Degraded: the certificate of shop\.localhost expires in 4 days\./);
    const late = await setUp(t, { certificate: '2026-11-20T00:00:00.000Z' }).look();
    assert.match(late.sentence, /has expired on 2026-11-20/);
  });

  test('a deployment that was cut off, and one that is at work', async (t) => {
    const { look, home } = setUp(t);
    const { release, colours } = STATE;
    writeFileSync(join(home, 'deploying.json'), JSON.stringify({ release, from: null, colours, phase: 'prepare' }));
    assert.match((await look()).sentence, /a deployment of r-0123456789ab was cut off on shop-1/);
    mkdirSync(join(home, 'lock'));
    assert.match((await look()).sentence, /^Healthy: .*locked by somebody who has left no name/);
  });

  test('an environment this machine knows nothing of', async (t) => {
    const { context } = setUp(t);
    await assert.rejects(siteStatus('other', context), { code: 'not_deployed' });
  });
});
