import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import type { OmsError } from '../../../../../src/errors.ts';
import { Release } from '../../../../../src/stages/deploy/release.ts';
import { SECRETS, type SecretName } from '../../../../../src/stages/deploy/services.ts';
import type { Site } from '../../../../../src/stages/deploy/site.ts';
import { releaseOf, someHashes, templatesWithObservers, writeContexts } from '../../../../helpers/deploying.ts';
import { testHost, testSite } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const TEMPLATES = join(import.meta.dirname, '..', '..', '..', '..', '..', 'templates', 'compose');

const differing = (left: Release, right: Release): string[] =>
  Object.keys({ ...left.services, ...right.services }).filter((name) => left.services[name] !== right.services[name]);

/** Which part of them differs, where it is the same one for all. */
const partsThatDiffer = (left: Release, right: Release): string[] => {
  const services = differing(left, right);
  const parts = ['image', 'settings', 'secrets', 'files'] as const;
  return parts.filter((part) => services.some((name) => left.parts?.[name]?.[part] !== right.parts?.[name]?.[part]));
};

/** Services of compose.yaml whose text says so: what the hashes have to agree with. */
const APPS = ['setup', 'producer-a', 'producer-b', 'consumer-a', 'consumer-b', 'pages1', 'pages2'];
const PRODUCERS = ['producer-a', 'producer-b'];
const CONSUMERS = ['consumer-a', 'consumer-b'];

const split = testSite({
  hosts: [
    testHost('web-1', { address: '192.0.2.1', groups: ['web'] }),
    testHost('app-1', { address: '192.0.2.2', groups: ['app'] }),
    testHost('data-1', { address: '192.0.2.3', groups: ['data'] }),
  ],
});

async function pair(t: TestContext, site: Site, change: (folder: string) => void) {
  const folder = writeContexts(tempFolder(t));
  const before = await releaseOf(site, folder);
  change(folder);
  return [before.release, (await releaseOf(site, folder)).release] as const;
}

/** This version's compose files with one replacement. */
function templatesWith(t: TestContext, file: string, from: string, to: string): string {
  const folder = join(tempFolder(t), 'compose');
  cpSync(TEMPLATES, folder, { recursive: true });
  const text = readFileSync(join(folder, file), 'utf8');
  assert.ok(text.includes(from), `${file} holds ${from}`);
  writeFileSync(join(folder, file), text.replace(from, to));
  return folder;
}

suite('a release', () => {
  test('is what its schema says', async (t) => {
    const folder = writeContexts(tempFolder(t));
    const { release } = await releaseOf(testSite(), folder);
    assert.ok(Check(Release, release));
    assert.match(release.images.app!, /^oms-app:[0-9a-f]{12}$/);
    assert.equal(release.images.mysql, 'mysql:8.4.10');
    assert.equal(release.services.grafana, undefined);
    assert.ok(release.schema.knows >= 8);
  });

  test('of the same input is the same, on another machine and at another time', async (t) => {
    const [one, two] = [writeContexts(tempFolder(t)), writeContexts(tempFolder(t))];
    const [left, right] = [await releaseOf(split, one), await releaseOf(structuredClone(split), two)];
    assert.deepEqual({ ...left.release, madeAt: '' }, { ...right.release, madeAt: '' });
  });

  test('without images says how to build them', async (t) => {
    await assert.rejects(releaseOf(testSite(), tempFolder(t)), (error: OmsError) => {
      assert.deepEqual([error.code, error.next], ['not_found', ['npm run build']]);
      return true;
    });
  });

  test('has every service that a site has, and a hash for each', async (t) => {
    const folder = writeContexts(tempFolder(t));
    const hashes = someHashes({ 'grafana-password': 'x' });
    const { release, composeFiles } = await releaseOf(testSite({ observability: true }), folder, {
      hashes,
      sources: { templates: templatesWithObservers(tempFolder(t)) },
    });
    assert.ok(release.services.grafana && release.services.hub && release.services.sandbox);
    assert.deepEqual(composeFiles, ['compose.yaml', 'compose.local.yaml', 'compose.certificate.yaml']);
  });
});

suite('a change reaches exactly the services that use it', () => {
  const images: [path: string, services: string[]][] = [
    ['app/producer.js', APPS],
    ['notifier/Dockerfile', ['notifier']],
    ['hub/Dockerfile', ['hub', 'sandbox']],
    ['web/conf.d/site.conf', ['web1', 'web2', 'web3']],
  ];
  for (const [path, services] of images) {
    test(`${path} of an image`, async (t) => {
      const [before, after] = await pair(t, testSite(), (folder) => writeContexts(folder, { [path]: 'changed' }));
      assert.deepEqual(differing(before, after).sort(), [...services].sort());
      assert.deepEqual(partsThatDiffer(before, after), ['image']);
      assert.notEqual(before.id, after.id);
    });
  }

  test('a file that is added to an image, and one of another name', async (t) => {
    const [before, after] = await pair(t, testSite(), (folder) => writeContexts(folder, { 'web/more': '' }));
    assert.deepEqual(differing(before, after), ['web1', 'web2', 'web3']);
  });

  const secrets: [name: SecretName, services: string[]][] = [
    ['mysql-init', ['mysql']],
    ['hub-key', ['hub']],
    ['mysql-app-url', [...PRODUCERS, ...CONSUMERS, 'notifier']],
    ['mysql-ask-url', PRODUCERS],
    ['admin-token', PRODUCERS],
    ['psp-hook-secret', [...PRODUCERS, 'sandbox']],
    ['tls-key', ['traefik']],
  ];
  for (const [name, services] of secrets) {
    test(`the secret ${name}`, async (t) => {
      const folder = writeContexts(tempFolder(t));
      const before = (await releaseOf(testSite(), folder)).release;
      const hashes = someHashes({ [name]: 'another hash' });
      const after = (await releaseOf(testSite(), folder, { hashes })).release;
      assert.deepEqual(differing(before, after).sort(), [...services].sort());
      assert.deepEqual(partsThatDiffer(before, after), ['secrets']);
    });
  }

  const sites: [what: string, changes: Partial<Site>, services: string[]][] = [
    ['a port', { ports: { http: 80, https: 8_443 } }, ['traefik', 'notifier']],
    ['a domain', { domains: ['www.shop.example'] }, ['notifier']],
    ['another domain beside the first', { domains: ['shop.example', 'b.example'] }, []],
    ['replicas on one server', { replicas: { producer: 3, consumer: 4 } }, []],
    ['an authority', { certificates: { kind: 'acme', email: 'a@b.example', server: null } }, ['traefik']],
  ];
  for (const [what, changes, services] of sites) {
    test(`${what} of the site`, async (t) => {
      const folder = writeContexts(tempFolder(t));
      const before = (await releaseOf(testSite(), folder)).release;
      const after = (await releaseOf(testSite(changes), folder)).release;
      assert.deepEqual(differing(before, after).sort(), [...services].sort());
      assert.notEqual(before.id, after.id);
    });
  }

  const files: [file: string, from: string, to: string, services: string[], part: string][] = [
    [
      'compose.yaml',
      'command: [node, pages.js]',
      'command: [node, --trace-gc, pages.js]',
      ['pages1', 'pages2'],
      'settings',
    ],
    ['compose.yaml', 'hostname: web2', 'hostname: web-2', ['web2'], 'settings'],
    ['compose.yaml', 'OMS_CONSUMER_MEMORY:-768m', 'OMS_CONSUMER_MEMORY:-1g', CONSUMERS, 'settings'],
  ];
  for (const [file, from, to, services, part] of files) {
    test(`${from} in ${file}`, async (t) => {
      const folder = writeContexts(tempFolder(t));
      const before = (await releaseOf(testSite(), folder)).release;
      const templates = templatesWith(t, file, from, to);
      const after = (await releaseOf(testSite(), folder, { sources: { templates } })).release;
      assert.deepEqual(differing(before, after).sort(), [...services].sort());
      assert.deepEqual(partsThatDiffer(before, after), services.length > 0 ? [part] : []);
    });
  }

  test("the proxy's own settings restart it; its routes do not", async (t) => {
    const folder = writeContexts(tempFolder(t));
    const before = (await releaseOf(testSite(), folder)).release;
    const one = templatesWith(t, 'traefik/traefik.yml', 'level: INFO', 'level: DEBUG');
    const restarted = (await releaseOf(testSite(), folder, { sources: { templates: one } })).release;
    assert.deepEqual(differing(before, restarted), ['traefik']);
    assert.deepEqual(partsThatDiffer(before, restarted), ['files']);
    const two = templatesWith(t, 'traefik/dynamic/routes.yml', 'interval: 1s', 'interval: 2s');
    const watched = (await releaseOf(testSite(), folder, { sources: { templates: two } })).release;
    assert.deepEqual(differing(before, watched), []);
    assert.notEqual(before.files['traefik/dynamic/routes.yml'], watched.files['traefik/dynamic/routes.yml']);
  });

  test('the observers, and settings that one of them mounts', async (t) => {
    const folder = writeContexts(tempFolder(t));
    const without = (await releaseOf(testSite(), folder)).release;
    const [site, one, two] = [testSite({ observability: true }), tempFolder(t), tempFolder(t)];
    const of = async (templates: string) => (await releaseOf(site, folder, { sources: { templates } })).release;
    const before = await of(templatesWithObservers(one));
    assert.deepEqual(differing(without, before).sort(), ['grafana', 'prometheus']);
    const after = await of(templatesWithObservers(two, 'scrape_configs: [{}]'));
    assert.deepEqual(differing(before, after), ['prometheus']);
    assert.deepEqual(partsThatDiffer(before, after), ['files']);
  });

  test('a comment, or members in another order, change nothing', async (t) => {
    const folder = writeContexts(tempFolder(t));
    const before = (await releaseOf(testSite(), folder)).release;
    const templates = templatesWith(
      t,
      'compose.yaml',
      '    <<: *web\n    hostname: web1\n',
      '    # The first one.\n    hostname: web1\n    <<: *web\n',
    );
    assert.equal((await releaseOf(testSite(), folder, { sources: { templates } })).release.id, before.id);
  });

  test('the address of one server concerns what is told of it', async (t) => {
    const folder = writeContexts(tempFolder(t));
    const before = (await releaseOf(split, folder)).release;
    const [web, app, data] = split.hosts as [Site['hosts'][0], Site['hosts'][0], Site['hosts'][0]];
    const moved = { ...split, hosts: [web, { ...app, privateAddress: '10.0.0.2' }, data] };
    const after = (await releaseOf(moved, folder)).release;
    const changed = differing(before, after);
    assert.ok(changed.includes('producer-a') && changed.includes('sandbox') && changed.includes('setup'));
    assert.ok(!changed.includes('web1') && !changed.includes('traefik') && !changed.includes('mysql'));
  });
});

test('each secret on its own: what mounts it changes, and nothing else', async (t) => {
  const folder = writeContexts(tempFolder(t));
  const site = testSite({ payments: 'stripe', observability: true });
  const names = Object.keys(SECRETS) as SecretName[];
  const all = Object.fromEntries(names.map((name) => [name, name])) as Record<SecretName, string>;
  const sources = { templates: templatesWithObservers(tempFolder(t)) };
  const before = (await releaseOf(site, folder, { hashes: all, sources })).release;
  await fc.assert(
    fc.asyncProperty(fc.subarray(names, { minLength: 1 }), async (changed) => {
      const hashes = { ...all, ...Object.fromEntries(changed.map((name) => [name, `${name} anew`])) };
      const after = (await releaseOf(site, folder, { hashes, sources })).release;
      const single = await Promise.all(
        changed.map(async (name) => {
          const alone = await releaseOf(site, folder, { hashes: { ...all, [name]: `${name} anew` }, sources });
          return differing(before, alone.release);
        }),
      );
      assert.deepEqual(differing(before, after).sort(), [...new Set(single.flat())].sort());
    }),
    { numRuns: 6 },
  );
});
