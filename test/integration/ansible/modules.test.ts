import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type FakeDocker, fakeDocker } from '../../helpers/fake-docker/fake-docker.ts';
import { realAnsible, UNPACKED_MODULES } from '../../helpers/real-ansible.ts';
import { PLAYBOOK_FOLDER } from '../../helpers/site-on-this-machine.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

/** A folder, and our modules run in it as Ansible runs them on a server. */
async function setUp(t: TestContext) {
  if (!(await realAnsible(t))) return undefined;
  const folder = tempFolder(t);
  const docker = fakeDocker(join(folder, 'docker'));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const run = (module: string, args: object) => {
    write('arguments.json', JSON.stringify({ ANSIBLE_MODULE_ARGS: args }));
    const env = { ...process.env, PATH: `${docker.bin}:${process.env.PATH}`, PYTHONPATH: UNPACKED_MODULES };
    const argv = [join(PLAYBOOK_FOLDER, 'library', `${module}.py`), join(folder, 'arguments.json')];
    return JSON.parse(spawnSync('/usr/bin/python3', argv, { encoding: 'utf8', env }).stdout);
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, docker, write, run, read, has: (name: string) => existsSync(join(folder, name)) };
}

suite('the way back of the proxy', () => {
  test('a deployment that goes on keeps what was there before it began; a later one, what is there now', async (t) => {
    const site = await setUp(t);
    if (!site) return;
    const keep = (release: string) => site.run('oms_routes', { folder: site.folder, release, state: 'kept' });
    site.write('dynamic/routes.yml', 'to: a\n');
    // Left by a copy that a power cut has ended.
    site.write('before/.partial/routes.yml', '');
    assert.deepEqual(keep('r-1').paths, ['routes.yml']);
    site.write('dynamic/routes.yml', 'to: b\n');
    assert.equal(keep('r-1').changed, false);
    assert.equal(site.read('before/r-1/routes.yml'), 'to: a\n');
    assert.equal(keep('r-2').changed, true);
    assert.equal(site.read('before/r-2/routes.yml'), 'to: b\n');
    assert.ok(!site.has('before/r-1'));
  });

  test('it is taken whole, and the folder stays open to the proxy', async (t) => {
    const site = await setUp(t);
    if (!site) return;
    const back = () => site.run('oms_routes', { folder: site.folder, release: 'r-1', state: 'back' });
    site.write('dynamic/routes.yml', 'to: b\n');
    assert.equal(back().changed, false, 'nothing was kept');
    site.write('before/r-1/routes.yml', 'to: a\n');
    site.write('dynamic/tls.yml', 'of the new release\n');
    assert.deepEqual(back().paths, ['routes.yml', 'tls.yml']);
    assert.equal(site.read('dynamic/routes.yml'), 'to: a\n');
    assert.ok(!site.has('dynamic/tls.yml'));
    assert.equal(statSync(join(site.folder, 'dynamic')).mode & 0o755, 0o755);
    assert.equal(back().changed, false);
  });
});

suite('what a release leaves behind', () => {
  const prune = { project: 'oms', services: ['mysql', 'producer-b'], keep: 2, current: ['r-3'] };

  test('releases beyond those kept go, and what was cut off; the running one and its images stay', async (t) => {
    const site = await setUp(t);
    if (!site) return;
    const digest = (n: number) => `oms-app:${String(n).repeat(12)}`;
    for (const n of [1, 2, 3]) {
      site.write(`releases/r-${n}/release.json`, JSON.stringify({ images: { app: digest(n) } }));
      // The running one is the oldest.
      utimesSync(join(site.folder, 'releases', `r-${n}`), 10 - n, 10 - n);
    }
    site.write('releases/.r-9/half', '');
    site.write('releases/.images.tar', '');
    site.docker.has(digest(1), digest(2), digest(3), 'oms-app:latest', 'oms-tools:aaaaaaaaaaaa', 'mysql:8.4.10');
    const done = site.run('oms_prune', { ...prune, folder: join(site.folder, 'releases') });
    assert.deepEqual(done.releases, ['r-2']);
    assert.deepEqual(done.images, [digest(2)]);
    assert.ok(!site.has('releases/.r-9') && !site.has('releases/.images.tar'));
    assert.ok(site.has('releases/r-1') && site.has('releases/r-3'));
  });

  test('containers of services that this server does not have go', async (t) => {
    const site = await setUp(t);
    if (!site) return;
    mkdirSync(join(site.folder, 'releases'));
    site.docker.runs(['mysql', 'grafana', 'producer-b'].map((service) => ({ service, hash: 'x' })));
    const done = site.run('oms_prune', { ...prune, folder: join(site.folder, 'releases') });
    assert.deepEqual(done.containers, ['grafana']);
    assert.deepEqual(site.docker.running(), ['mysql', 'producer-b']);
    assert.equal(site.docker.calls()[0], 'stop c1');
    assert.equal(site.run('oms_prune', { ...prune, folder: join(site.folder, 'releases') }).changed, false);
  });
});

test('a service is as the release wants it when all its containers are, and are healthy', async (t) => {
  const site = await setUp(t);
  if (!site) return;
  site.write('release.json', JSON.stringify({ services: { a: '1', b: '1', c: '1', d: '1', e: '1' } }));
  site.docker.runs([
    ...[
      { service: 'a', hash: '1' },
      { service: 'a', hash: '1' },
      { service: 'b', hash: '0' },
    ],
    { service: 'c', hash: '1', status: 'Up 2 hours (unhealthy)' },
    { service: 'd', hash: '1', status: 'Up 1 second (health: starting)' },
    { service: 'gone', hash: '1' },
  ]);
  const services = { a: 2, b: 1, c: 1, d: 1, e: 1, gone: 1 };
  const seen = site.run('oms_containers', { project: 'oms', release: site.folder, services });
  assert.deepEqual(seen.stale, ['b', 'c', 'd', 'e']);
  const one = site.run('oms_containers', { project: 'oms', release: site.folder, services: { a: 1 } });
  assert.deepEqual(one.stale, ['a'], 'one container too many');
});

suite('the health gate', () => {
  const STARTING = { health: 'starting' };
  const RUNS = { health: '' };

  /** Brings up two producers and a web server that behave like this. */
  async function gate(t: TestContext, looks: Parameters<FakeDocker['behave']>[0], seconds = 60) {
    const site = await setUp(t);
    if (!site) return undefined;
    site.write('release.json', JSON.stringify({ services: { 'producer-b': '1', web1: '1' } }));
    site.docker.behave(looks);
    site.docker.wrote(
      ['\u001b[31mtoo early', ...Array.from({ length: 19 }, (_, n) => `line ${n}`), 'no\u0007 key\u202e'],
      [7, 3],
    );
    const compose = ['docker', 'compose', `--file=${site.folder}/compose.yaml`];
    const args = { compose, project: 'oms', services: ['producer-b', 'web1'], scales: { 'producer-b': 2 } };
    const go = () => site.run('oms_up', { ...args, seconds });
    return { site, go };
  }

  test('it opens when all containers are healthy, and not before', async (t) => {
    const at = await gate(t, { 'producer-b-2': [STARTING, STARTING, {}], 'web1-1': [{ health: 'unhealthy' }, {}] });
    if (!at) return;
    const done = at.go();
    assert.equal(done.failed, undefined, done.msg);
    assert.equal(done.changed, true);
    assert.ok(done.seconds >= 1, 'two looks later');
    assert.deepEqual(at.site.docker.calls(), ['up producer-b*2 web1']);
  });

  test('one of two replicas never gets healthy: which, and what it wrote', async (t) => {
    const at = await gate(t, { 'producer-b-2': [STARTING] }, 1);
    if (!at) return;
    const { failed, msg } = at.go();
    assert.equal(failed, true);
    const [first, second, ...log] = msg.split('\n');
    assert.equal(first, 'container oms-producer-b-2 never gets healthy within 1 s: its health check says starting');
    assert.equal(second, 'The last that oms-producer-b-2 wrote:');
    assert.equal(log.length, 21);
    assert.ok(!msg.includes('too early'));
    assert.match(msg, /line 18\nno\ufffd key\ufffd/);
  });

  test('one that ends is not waited for, though it runs again when it is looked at', async (t) => {
    const at = await gate(t, { 'producer-b-1': [STARTING, { ...STARTING, restarts: 1 }] }, 60);
    if (!at) return;
    assert.match(at.go().msg, /^container oms-producer-b-1 exits with code 3, 1 restart\n/);
    at.site.docker.behave({ 'web1-1': [{ state: 'restarting', health: 'unhealthy', restarts: 4, exitCode: 1 }] });
    assert.match(at.go().msg, /^container oms-web1-1 exits with code 1, 4 restarts\n/);
    at.site.docker.behave({ 'web1-1': [STARTING, { state: 'exited', health: 'unhealthy', exitCode: 0 }] });
    assert.match(at.go().msg, /^container oms-web1-1 exits with code 0\n/);
  });

  test('without a health check running is enough, if it goes on for a second', async (t) => {
    const at = await gate(t, { 'web1-1': [RUNS] });
    if (!at) return;
    const done = at.go();
    assert.ok(done.seconds >= 1 && done.changed, JSON.stringify(done));
    at.site.docker.behave({ 'web1-1': [RUNS, { ...RUNS, state: 'restarting', restarts: 1, exitCode: 2 }] });
    assert.match(at.go().msg, /^container oms-web1-1 exits with code 2, 1 restart\n/);
  });

  test('what happens at the last moment counts as it is: healthy opens it, starting does not', async (t) => {
    const at = await gate(t, { 'web1-1': [{}] }, 0);
    if (!at) return;
    assert.equal(at.go().changed, true);
    at.site.docker.behave({ 'web1-1': [STARTING] });
    assert.equal(at.go().failed, true);
  });

  test('what Compose cannot start is told in its words', async (t) => {
    const at = await gate(t, {});
    if (!at) return;
    at.site.docker.refuses('Container oms-web1-1  Starting', 'Error: port is already allocated');
    const { msg, rc, stderr } = at.go();
    assert.equal(msg, 'docker compose up: Error: port is already allocated');
    assert.equal(rc, 1);
    assert.match(stderr, /Starting/);
  });

  test('restarts of before are not held against one that runs on', async (t) => {
    const at = await gate(t, { 'web1-1': [{ restarts: 3 }] });
    if (!at) return;
    // The fake gives what it makes anew the old id.
    at.site.docker.runs([
      { service: 'producer-b', hash: '1' },
      { service: 'producer-b', hash: '1' },
      { service: 'web1', hash: '1', looks: [{ restarts: 3 }] },
    ]);
    assert.equal(at.go().failed, undefined);
  });
});
