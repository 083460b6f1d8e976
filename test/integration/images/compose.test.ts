import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SERVICES, type Service } from '../../../src/stages/deploy/services.ts';
import { composeConfig, realCompose } from '../../helpers/docker-compose.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'templates', 'compose');
const PROFILES = ['hub', 'sandbox', 'observability', 'setup'] as const;

/** What every site has; no variable of this process may stand in. */
const COMMON = Object.fromEntries(
  ['APP', 'NOTIFIER', 'HUB', 'WEB'].map((name) => [`OMS_IMAGE_${name}`, `oms-${name.toLowerCase()}:0123456789ab`]),
);
const AZURE = {
  AZURE_TENANT_ID: '00000000-0000-0000-0000-000000000001',
  AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000002',
  OMS_EVENTHUB_NAMESPACE: 'shop.servicebus.windows.net',
  OMS_BLOB_ACCOUNT: 'https://shopfiles.blob.core.windows.net',
};
const SPLIT = {
  OMS_PRIVATE_ADDRESS: '10.0.0.2',
  OMS_DATA_ADDRESS: '10.0.0.3',
  OMS_SANDBOX_ADDRESS: '10.0.0.2',
  OMS_PRODUCER_A_PORTS: '9100-9101',
};

interface Config {
  services: Record<
    string,
    { environment?: Record<string, string>; ports?: { host_ip?: string }[]; extra_hosts?: string[]; secrets?: object[] }
  >;
}

/** Every way to put the files together, in the order of README.md. */
const COMBINATIONS = ['local', 'azure'].flatMap((events) =>
  ['', 'stripe'].flatMap((payments) =>
    ['', 'certificate'].flatMap((certificate) =>
      ['', 'mail'].flatMap((mail) =>
        ['', 'split'].map((split) => [events, payments, certificate, mail, split].filter(Boolean)),
      ),
    ),
  ),
);

const servicesOf = (profiles: readonly string[]): string[] =>
  Object.entries<Service>(SERVICES)
    .filter(([, { profile }]) => !profile || profiles.includes(profile))
    .map(([name]) => name)
    .sort();

const options = (parts: readonly string[], profiles: readonly string[]) => ({
  folder: FOLDER,
  files: ['compose.yaml', ...parts.map((part) => `compose.${part}.yaml`)].map((file) => join(FOLDER, file)),
  profiles,
  env: { ...COMMON, ...(parts.includes('azure') && AZURE), ...(parts.includes('split') && SPLIT) },
});

test('the real Compose takes every combination of files, with every profile', async (t) => {
  const compose = await realCompose(t);
  if (!compose) return;
  for (const parts of COMBINATIONS) {
    const { services } = (await composeConfig(compose, options(parts, PROFILES))) as Config;
    assert.deepEqual(Object.keys(services).sort(), servicesOf(PROFILES), parts.join(' '));
  }
});

test('each profile brings its own services, and nothing else', async (t) => {
  const compose = await realCompose(t);
  if (!compose) return;
  for (const profiles of [[], ...PROFILES.map((profile) => [profile])]) {
    const { services } = (await composeConfig(compose, options(['local'], profiles))) as Config;
    assert.deepEqual(Object.keys(services).sort(), servicesOf(profiles));
  }
});

test('nothing of Azure is in a local site, nothing of the hub in one of Azure', async (t) => {
  const compose = await realCompose(t);
  if (!compose) return;
  const textOf = async (parts: string[]) => {
    const { services } = (await composeConfig(compose, options(parts, []))) as Config;
    return JSON.stringify(services);
  };
  assert.doesNotMatch(await textOf(['local']), /AZURE|azure-certificate/);
  assert.doesNotMatch(await textOf(['azure']), /hub-connection|blob-connection/);
});

test('a split site publishes on the private address alone, and finds its data by name', async (t) => {
  const compose = await realCompose(t);
  if (!compose) return;
  const { services } = (await composeConfig(compose, options(['local', 'split'], PROFILES))) as Config;
  const published = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
  for (const [name, { ports = [] }] of published.filter(([one]) => !['traefik', 'grafana'].includes(one))) {
    assert.deepEqual([...new Set(ports.map((port) => port.host_ip))], ['10.0.0.2'], name);
  }
  assert.deepEqual(services['producer-a']!.extra_hosts?.sort(), [
    'blobs=10.0.0.3',
    'hub=10.0.0.3',
    'mysql=10.0.0.3',
    'sandbox=10.0.0.2',
  ]);
});

test('a missing variable is named', async (t) => {
  const compose = await realCompose(t);
  if (!compose) return;
  const { OMS_IMAGE_APP: _, ...env } = COMMON;
  await assert.rejects(composeConfig(compose, { ...options(['local'], []), env }), /OMS_IMAGE_APP/);
  const { AZURE_TENANT_ID: __, ...azure } = { ...COMMON, ...AZURE };
  await assert.rejects(composeConfig(compose, { ...options(['azure'], []), env: azure }), /AZURE_TENANT_ID/);
});
