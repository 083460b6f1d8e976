import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fakeDocker } from '../helpers/fake-docker.ts';
import { fakeProgram } from '../helpers/fake-program.ts';
import { runCli } from '../helpers/run-cli.ts';
import { aSite, localHost, refusingHost } from '../helpers/sites.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const AUDIT = {
  ...{
    at: '2026-11-21T10:00:00Z',
    by: 'anna@laptop',
    action: 'deploy',
    why: 'spring offers',
    release: 'r-0123456789ab',
  },
  ...{ from: null, outcome: 'rolled-back', seconds: 61, detail: null },
};

/** A site of this machine, where something is deployed that lacks nearly all of its containers. */
function setUp(t: TestContext, hosts = [localHost()]) {
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  mkdirSync(home);
  const state = { version: 1, release: 'r-0123456789ab', previous: null, colours: { producer: 'a', consumer: 'a' } };
  const deployed = { deployedAt: '2026-11-21T10:00:00Z', deployedBy: 'anna@laptop' };
  writeFileSync(join(home, 'state.json'), JSON.stringify({ ...state, ...deployed }));
  writeFileSync(join(home, 'audit.jsonl'), `${JSON.stringify(AUDIT)}\n`);
  mkdirSync(join(folder, 'oms', 'demo'), { recursive: true });
  writeFileSync(join(folder, 'oms', 'demo', 'deploy.json'), JSON.stringify(aSite({ hosts, home })));
  const bin = join(folder, 'bin');
  fakeProgram(join(bin, 'sudo'), 'shift 2; exec "$@"');
  const line = 'web1-1  | 2026-11-21T12:00:00.5Z hello';
  fakeProgram(join(bin, 'docker'), fakeDocker([{ service: 'web1' }], [line]));
  const env = { OMS_DIR: join(folder, 'oms'), PATH: `${bin}:${process.env.PATH}` };
  return (...args: string[]) => runCli(args, { env });
}

suite('servers of an environment', () => {
  test('oms status --env ends with 1 when something is wrong, with 4 when nothing answers', async (t) => {
    const degraded = await setUp(t)('status', '--env', 'demo');
    assert.equal(degraded.code, 1);
    assert.match(degraded.stdout, /^Degraded: .*traefik.* are not there/);
    const down = await setUp(t, [refusingHost()])('status', '--env', 'demo', '--json');
    assert.equal(down.code, 4);
    const { status, result } = JSON.parse(down.stdout);
    assert.equal(status, 4);
    assert.equal(result.hosts[0].away, 'nothing listens on port 1 of 127.0.0.2');
  });

  test('oms logs --env shows lines as people and as programs read them', async (t) => {
    const oms = setUp(t);
    const text = await oms('logs', 'web1', 'traefik', '--env', 'demo');
    assert.deepEqual([text.code, text.stdout], [0, '12:00:00.500 web1-1               hello\n']);
    const json = await oms('logs', '--env', 'demo', '--json');
    assert.equal(JSON.parse(json.stdout).container, 'web1-1');
  });

  test('oms history shows what was done', async (t) => {
    const { code, stdout } = await setUp(t)('history', '--env', 'demo');
    assert.equal(code, 0);
    assert.match(stdout, /anna@laptop +deploy +r-0123456789ab +rolled-back +61 s +spring offers/);
  });

  test('wrong calls, and an environment nobody deployed', async (t) => {
    const oms = setUp(t);
    for (const args of [
      ['logs', '--env', 'demo', '--since', 'yesterday'],
      ['logs', '--since', '10m'],
      ['logs', 'web9', '--env', 'demo'],
      ['status', '--env', 'demo', '--watch'],
      ['seed', '--env', 'demo', '--reset'],
      ['ask', 'revenue', '--env', 'demo', '--database-url', 'mysql://a@127.0.0.1:1/oms'],
      ['verify', '--env', 'demo', '--run', 'latest'],
    ]) {
      assert.equal((await oms(...args)).code, 2, args.join(' '));
    }
    const unknown = await oms('status', '--env', 'other');
    assert.equal(unknown.code, 4);
    assert.match(unknown.stderr, /nothing is known of a site other/);
  });

  test('an address with a password beside --env is refused without repeating it', async (t) => {
    const { code, stderr } = await setUp(t)(
      'seed',
      '--env',
      'demo',
      '--database-url',
      'mysql://a:secret-word@127.0.0.1/oms',
    );
    assert.equal(code, 2);
    assert.match(stderr, /--env=demo cannot also be provided when using --database-url/);
    assert.doesNotMatch(stderr, /secret-word/);
  });

  test('seed, ask and verify of an environment look for its database', async (t) => {
    const oms = setUp(t);
    for (const args of [['seed'], ['ask', 'revenue last week'], ['verify']]) {
      const { code, stderr } = await oms(...args, '--env', 'demo');
      assert.equal(code, 4, args[0]);
      assert.match(stderr, /^error missing: mysql-(?:admin|ask|app)-password of demo/);
    }
  });
});
