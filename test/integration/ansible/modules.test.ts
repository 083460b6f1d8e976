import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fakeDocker } from '../../helpers/fake-docker/fake-docker.ts';
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
    return JSON.parse(execFileSync('/usr/bin/python3', argv, { encoding: 'utf8', env }));
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
