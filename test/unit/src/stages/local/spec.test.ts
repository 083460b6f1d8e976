import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { forEachApp } from '../../../../../src/stages/local/apps.ts';
import { localPaths } from '../../../../../src/stages/local/paths.ts';
import type { StackPlan } from '../../../../../src/stages/local/plan.ts';
import { buildEndpoints, buildSpec, HUB_CONFIG, hubConfig } from '../../../../../src/stages/local/spec.ts';

const plan: StackPlan = {
  paths: localPaths('/o'),
  ports: {
    ...{ database: 1001, blob: 1002, hub: 1003, hubHttp: 1004 },
    ...{ consumerHttp: 1005, producerHttp: 1006, sandboxHttp: 1007, notifierHttp: 1008, pagesHttp: 1009 },
  },
  secrets: {
    database: { admin: 'admin-password', app: 'app-password', ask: 'ask-password', sandbox: 'sandbox-password' },
    hubKey: 'hub-key',
    ...{ pspHook: 'psp-hook-secret', carrierHook: 'carrier-hook-secret', adminToken: 'staff-password' },
  },
  server: {
    how: 'program',
    binary: {
      kind: 'mariadb',
      path: '/s/usr/sbin/mariadbd',
      version: '10.11.18',
      baseDir: '/s/usr',
      shareDir: '/s/usr/share/mysql',
      libraryDir: '/s/usr/lib/x',
    },
  },
  databaseUrl: undefined,
  logLevel: 'warn',
  capture: false,
  asRoot: true,
  node: '/node',
  blobEntry: '/azurite.js',
  appEntries: forEachApp((name) => `/a/${name}/main.ts`),
};
const connection =
  'Endpoint=sb://localhost:1003;SharedAccessKeyName=oms;SharedAccessKey=hub-key;UseDevelopmentEmulator=true';
const find = (name: string, changed: Partial<StackPlan> = {}) =>
  buildSpec({ ...plan, ...changed }).processes.find((spec) => spec.name === name);

suite('the processes of the stack', () => {
  test('start in the order of the flow', () => {
    assert.deepEqual(
      buildSpec(plan).processes.map(({ name, after }) => [name, after]),
      [
        ['database', []],
        ['blob', []],
        ['hub', []],
        ['sandbox', ['database']],
        ['consumer', ['hub', 'database']],
        ['producer', ['hub', 'database']],
        ['pages', []],
        ['notifier', ['blob', 'database']],
      ],
    );
  });

  test('the database finds its libraries, is told that root is meant, and loses the lock of a killed one', () => {
    const database = find('database');
    assert.equal(database?.command, '/s/usr/sbin/mariadbd');
    assert.deepEqual(database.env, { LD_LIBRARY_PATH: '/s/usr/lib/x' });
    assert.ok(database.args.includes('--user=root'));
    assert.ok(database.args.includes('--init-file=/o/local/database-start.sql'));
    assert.equal(database.readyPort, 1001);
    assert.deepEqual(database.removeBeforeStart, [
      '/o/local/database/server.sock',
      '/o/local/database/server.sock.lock',
    ]);
  });

  test('in Docker the process is the client that is joined to the container', () => {
    const database = find('database', { server: { how: 'docker' } });
    assert.equal(database?.command, 'docker');
    assert.deepEqual(database.args.slice(0, 2), ['start', '--attach']);
  });

  test('blob storage: own folder and port, strict, without telemetry', () => {
    assert.deepEqual(find('blob')?.args, [
      '/azurite.js',
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      '1002',
      '--location',
      '/o/local/blob',
      '--skipApiVersionCheck',
      '--disableTelemetry',
      '--silent',
    ]);
  });

  test('each app gets the environment it is made for', () => {
    assert.deepEqual(find('hub')?.env, {
      OMS_HUB_PORT: '1003',
      OMS_HUB_HTTP_PORT: '1004',
      OMS_HUB_DATA_DIR: '/o/local/hub',
      OMS_HUB_CONFIG: '/o/local/hub.json',
      OMS_HUB_KEY_NAME: 'oms',
      OMS_HUB_KEY: 'hub-key',
      OMS_LOG_LEVEL: 'warn',
    });
    const upstream = {
      OMS_EVENTHUB_CONNECTION_STRING: connection,
      OMS_DATABASE_URL: 'mysql://oms_app:app-password@127.0.0.1:1001/oms',
      OMS_LOG_LEVEL: 'warn',
    };
    const outside = {
      OMS_PAYMENT_URL: 'http://127.0.0.1:1007',
      OMS_CARRIER_URL: 'http://127.0.0.1:1007',
      OMS_CARRIERS: 'swiftpost,parcelway',
    };
    const hooks = { OMS_PSP_HOOK_SECRET: 'psp-hook-secret', OMS_CARRIER_HOOK_SECRET: 'carrier-hook-secret' };
    const consumer = { ...upstream, ...outside, OMS_CONSUMER_NAME: 'local', OMS_HTTP_PORT: '1005' };
    const staff = {
      OMS_ADMIN_TOKEN: 'staff-password',
      OMS_ASK_DATABASE_URL: 'mysql://oms_ask:ask-password@127.0.0.1:1001/oms',
    };
    const producer = { ...upstream, ...hooks, ...staff, OMS_HTTP_PORT: '1006' };
    assert.deepEqual(find('consumer')?.env, consumer);
    assert.deepEqual(find('producer')?.env, { ...producer, OMS_HTTP_HOST: '127.0.0.1' });
    assert.deepEqual(find('sandbox')?.env, {
      OMS_SANDBOX_DATABASE_URL: 'mysql://oms_sandbox:sandbox-password@127.0.0.1:1001/psp_sim',
      OMS_HOOKS_URL: 'http://127.0.0.1:1006',
      ...hooks,
      OMS_HTTP_PORT: '1007',
      OMS_LOG_LEVEL: 'warn',
    });
    assert.deepEqual(find('notifier')?.env, {
      OMS_DATABASE_URL: upstream.OMS_DATABASE_URL,
      OMS_MAILDIR: '/o/local/mail',
      OMS_BLOB_ACCOUNT: find('notifier')?.env.OMS_BLOB_ACCOUNT,
      OMS_LABEL_ORIGINS: 'http://127.0.0.1:1007',
      OMS_MESSAGES_PER_SECOND: '1000',
      OMS_ORDER_LINK: 'http://127.0.0.1:1009/orders/{order}',
      OMS_HTTP_PORT: '1008',
      OMS_LOG_LEVEL: 'warn',
    });
    assert.match(
      find('notifier')?.env.OMS_BLOB_ACCOUNT ?? '',
      /BlobEndpoint=http:\/\/127\.0\.0\.1:1002\/devstoreaccount1$/,
    );
    assert.deepEqual(find('consumer')?.args, ['--max-semi-space-size=64', '/a/consumer/main.ts']);
    assert.equal(find('producer')?.readyUrl, 'http://127.0.0.1:1006/readyz');
  });

  test('no password is in any argument', () => {
    const text = JSON.stringify(buildSpec(plan).processes.map(({ command, args }) => [command, args]));
    assert.doesNotMatch(text, /password|hub-key|secret/);
  });

  test('with a database of the user, none is started and nothing waits for it', () => {
    const own = { server: undefined, databaseUrl: 'mysql://me@db/shop' };
    assert.equal(find('database', own), undefined);
    assert.deepEqual(find('consumer', own)?.after, ['hub']);
    assert.equal(find('consumer', own)?.env.OMS_DATABASE_URL, 'mysql://me@db/shop');
    assert.equal(find('sandbox', own)?.env.OMS_SANDBOX_DATABASE_URL, 'mysql://me@db/shop');
  });

  test('the hub has the lanes and readers of the order flow', () => {
    assert.deepEqual(
      HUB_CONFIG.hubs.map(({ name, partitions }) => [name, partitions]),
      [
        ['orders', 4],
        ['order-events', 4],
        ['orders-dlq', 1],
      ],
    );
  });

  test('the archive is switched by one flag: hubs by their configuration, the storage and its key by the environment', () => {
    const enabled = (capture: boolean) =>
      hubConfig(capture).hubs.map((hub) => ('capture' in hub ? hub.capture.enabled : undefined));
    assert.deepEqual(enabled(false), [false, false, undefined]);
    assert.deepEqual(enabled(true), [true, true, undefined]);
    const storage = find('hub', { capture: true })?.env.OMS_HUB_CAPTURE_STORAGE;
    assert.match(storage!, /^DefaultEndpointsProtocol=http;AccountName=.*;BlobEndpoint=http:\/\/127\.0\.0\.1:1002\//);
  });
});

test('endpoints: each account has its own address, the API and the operations ports theirs', () => {
  assert.deepEqual(buildEndpoints(plan), {
    pagesUrl: 'http://127.0.0.1:1009',
    producerUrl: 'http://127.0.0.1:1006',
    eventHubConnectionString: connection,
    databaseUrl: 'mysql://oms_app:app-password@127.0.0.1:1001/oms',
    adminDatabaseUrl: 'mysql://oms_admin:admin-password@127.0.0.1:1001/oms',
    askDatabaseUrl: 'mysql://oms_ask:ask-password@127.0.0.1:1001/oms',
    hubHttpUrl: 'http://127.0.0.1:1004',
    sandboxUrl: 'http://127.0.0.1:1007',
    adminToken: 'staff-password',
    consumerHttpUrl: 'http://127.0.0.1:1005',
    blobUrl: 'http://127.0.0.1:1002/devstoreaccount1',
  });
});
