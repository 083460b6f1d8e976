import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { Check } from 'typebox/value';
import { deployVariables } from '../../../../../src/stages/deploy/deploy-variables.ts';
import { planDeployment } from '../../../../../src/stages/deploy/diff.ts';
import { makeRelease } from '../../../../../src/stages/deploy/make-release.ts';
import { planReport } from '../../../../../src/stages/deploy/plan-view.ts';
import { siteSecrets, stageSecrets } from '../../../../../src/stages/deploy/secrets.ts';
import { type Site, sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { stageFiles } from '../../../../../src/stages/deploy/stage-files.ts';
import { DeployVariables } from '../../../../../src/stages/deploy/variables.ts';
import { templatesWithObservers, writeContexts } from '../../../../helpers/deploying.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { testHost, testSite } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const SELF_SIGNED = { certificates: { kind: 'self-signed' } } as const;
const SPLIT = testSite({
  ...SELF_SIGNED,
  hosts: [
    testHost('web-1', { address: '192.0.2.1', groups: ['web'] }),
    testHost('app-1', { address: '192.0.2.2', privateAddress: '10.0.0.2', groups: ['app'] }),
    testHost('app-2', { address: '192.0.2.3', groups: ['app'] }),
    testHost('data-1', { address: 'data.example.com', privateAddress: '10.0.0.4', groups: ['data'] }),
  ],
});

/** Everything a run writes on this machine before Ansible begins. */
async function stage(t: TestContext, site: Site) {
  const context = quietContext(tempFolder(t));
  const images = writeContexts(tempFolder(t));
  const templates = templatesWithObservers(tempFolder(t));
  const secrets = await siteSecrets(site, context, { keep: true });
  const made = await makeRelease(site, secrets, context, { images, templates });
  const states = site.hosts.map(({ name }) => ({
    host: name,
    unreachable: null,
    state: null,
    release: null,
    deploying: null,
  }));
  const plan = planDeployment({ site, made, states });
  const paths = sitePaths(context.settings.dir, site.name);
  const folder = await stageFiles(site, made, { weights: { a: 1, b: 0 } }, context);
  const staged = await stageSecrets(site, context, secrets);
  const rollout = { images: undefined, gateSeconds: 60 };
  const variables = deployVariables({ site, made, plan, secrets: staged, paths, rollout });
  return { context, folder, made, plan, variables, secrets, staged, paths };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const below = (folder: string) =>
  filesBelow(folder)
    .map((file) => file.slice(folder.length + 1))
    .sort();

const environmentOf = (folder: string, host: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(folder, host, '.env'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, name, value] = /^([A-Z0-9_]+)='?([^']*)'?$/.exec(line)!;
        return [name, value];
      }),
  );

suite('what is staged', () => {
  test('for one server is everything', async (t) => {
    const { folder, made } = await stage(t, testSite(SELF_SIGNED));
    assert.deepEqual(below(join(folder, 'shop-1')), [
      ...['.env', 'compose.local.yaml', 'compose.yaml', 'images/app/Dockerfile', 'images/app/producer.js'],
      ...[
        'images/hub/Dockerfile',
        'images/notifier/Dockerfile',
        'images/web/Dockerfile',
        'images/web/conf.d/site.conf',
      ],
      ...['release.json', 'traefik/dynamic/routes.yml', 'traefik/dynamic/tls.yml', 'traefik/traefik.yml'],
    ]);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'shop-1', 'release.json'), 'utf8')), made.release);
    const variables = environmentOf(folder, 'shop-1');
    assert.equal(variables.OMS_IMAGE_APP, made.release.images.app);
    assert.equal(variables.OMS_HASH_PRODUCER_A, made.release.services['producer-a']);
    assert.equal(variables.OMS_ORDER_LINK, 'https://shop.example/orders/{order}');
    assert.equal(variables.OMS_TIMEZONE, 'UTC');
    assert.equal(variables.OMS_PRIVATE_ADDRESS, undefined);
  });

  test('for several is what each needs, with its own addresses', async (t) => {
    const { folder } = await stage(t, { ...SPLIT, observability: true });
    const folders = (host: string) => [
      ...new Set(below(join(folder, host)).map((path) => path.split('/').slice(0, -1).join('/'))),
    ];
    assert.ok(folders('web-1').includes('images/web') && !folders('web-1').includes('images/notifier'));
    assert.ok(folders('app-1').includes('images/notifier') && !folders('app-1').includes('traefik'));
    assert.ok(folders('data-1').includes('images/hub') && folders('data-1').includes('observability/prometheus'));
    assert.ok(below(join(folder, 'app-1')).includes('compose.split.yaml'));
    const [app, data] = [environmentOf(folder, 'app-2'), environmentOf(folder, 'data-1')];
    assert.deepEqual(
      [app.OMS_PRIVATE_ADDRESS, app.OMS_DATA_ADDRESS, app.OMS_DATA_SUFFIX],
      ['192.0.2.3', '10.0.0.4', ''],
    );
    assert.deepEqual([app.OMS_SANDBOX_ADDRESS, app.OMS_SANDBOX_SUFFIX], ['10.0.0.2', '']);
    assert.deepEqual([data.OMS_PRIVATE_ADDRESS, data.OMS_DATA_SUFFIX], ['10.0.0.4', '.here']);
    assert.equal(data.OMS_DATABASE_CLIENTS, '10.213.0.0/255.255.255.0,10.0.0.2,192.0.2.3');
  });

  test('replaces what an earlier run has staged', async (t) => {
    const { folder, context, made } = await stage(t, testSite(SELF_SIGNED));
    writeFileSync(join(folder, 'shop-1.tar.gz'), 'of before');
    await stageFiles(testSite(SELF_SIGNED), made, { weights: { a: 0, b: 1 } }, context);
    assert.deepEqual(readdirSync(folder), ['shop-1']);
    assert.match(readFileSync(join(folder, 'shop-1', 'traefik/dynamic/routes.yml'), 'utf8'), /oms-producer-b-1/);
  });
});

test('the playbooks are told whose each secret is, which images there are, and the order of files', async (t) => {
  const { variables, made } = await stage(t, testSite(SELF_SIGNED));
  assert.ok(Check(DeployVariables, variables));
  assert.deepEqual(
    variables.oms_secret_files.find(({ name }) => name === 'mysql-init'),
    {
      ...{ name: 'mysql-init', group: 'data', uid: 999, gid: 999 },
    },
  );
  assert.deepEqual(
    variables.oms_images.find(({ context }) => context === 'hub'),
    { reference: made.release.images.hub, group: ['app', 'data'], context: 'hub' },
  );
  assert.equal(variables.oms_images.find(({ reference }) => reference === 'mysql:8.4.10')?.context, null);
  assert.deepEqual(variables.oms_compose_files, ['compose.yaml', 'compose.local.yaml']);
  assert.deepEqual(variables.oms_profiles, ['hub', 'sandbox']);
  assert.equal(variables.oms_colours_before, null);
  assert.equal(variables.oms_previous, null);
});

test('no secret is in anything but the files of secrets', async (t) => {
  for (const site of [testSite({ ...SELF_SIGNED, observability: true }), SPLIT]) {
    const { folder, variables, plan, made, secrets, staged, paths } = await stage(t, site);
    const kept = readdirSync(paths.secrets).map((name) => readFileSync(join(paths.secrets, name), 'utf8').trim());
    const values = [...new Set([...kept, ...Object.values(secrets.values)])].filter((value) => value.length >= 16);
    assert.ok(values.length > 15);
    const written: [string, string][] = [
      ...filesBelow(folder).map((file): [string, string] => [file, readFileSync(file, 'utf8')]),
      ['variables', JSON.stringify(variables)],
      ['plan', JSON.stringify(plan)],
      ['release', JSON.stringify(made.release)],
      ['report', planReport(plan, plainTerminal())],
      ['hashes', JSON.stringify(staged.hashes)],
    ];
    const found = written.flatMap(([name, text]) => (values.some((value) => text.includes(value)) ? [name] : []));
    assert.deepEqual(found, []);
    await staged.remove();
    const left = filesBelow(join(paths.folder)).filter((file) => !file.startsWith(paths.secrets));
    assert.deepEqual(
      left.filter((file) => values.some((value) => readFileSync(file, 'utf8').includes(value))),
      [],
    );
  }
});
