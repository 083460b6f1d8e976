import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BuiltImage } from '../../../scripts/images/contexts.ts';
import { HUB_CONFIG } from '../../../src/stages/local/spec.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { connectionString } from '../../helpers/hub.ts';
import { buildContexts, runRole, startRole, unpackApp } from '../../helpers/image-contexts.ts';
import { seedProducts } from '../../helpers/orders.ts';
import { ORDER } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';

/** What producer and consumer may add to their base image. */
const LIMIT = 5_000_000;

const folder = mkdtempSync(join(tmpdir(), 'oms-images-'));
let images: Map<string, BuiltImage>;
const image = (name: string): BuiltImage => images.get(name)!;

before(async () => {
  images = await buildContexts(join(folder, 'build'));
});
after(() => rmSync(folder, { recursive: true }));

/** What reaches a language model is not in the images: questions are answered without, and it is said. */
const QUESTIONS = {
  OMS_ADMIN_TOKEN: 'token-of-the-staff',
  ...{ OMS_AI_PROVIDER: 'compatible', OMS_AI_BASE_URL: 'http://127.0.0.1:9/v1', OMS_AI_MODEL: 'a-model' },
};

const ROLES = { app: ['producer', 'consumer', 'setup', 'pages'], notifier: ['notifier'], hub: ['hub', 'sandbox'] };

test('order API, consumer, setup and pages come to no more than 5 MB on top of Node', (t) => {
  for (const { name, bytes } of images.values()) t.diagnostic(`image ${name}: ${(bytes / 1e6).toFixed(2)} MB`);
  assert.ok(image('app').bytes <= LIMIT, `${image('app').bytes} bytes`);
});

test('the same sources give the same context', async () => {
  const again = await buildContexts(join(folder, 'again'));
  for (const [name, { folder: one }] of images) {
    const files = globSync('**/*', { cwd: one }).sort();
    const other = again.get(name)!.folder;
    assert.deepEqual(globSync('**/*', { cwd: other }).sort(), files);
    for (const file of files.filter((path) => statSync(join(one, path)).isFile())) {
      assert.ok(readFileSync(join(one, file)).equals(readFileSync(join(other, file))), `${name}/${file}`);
    }
  }
});

test('what images are made of can be read by any user, and has no package folder', () => {
  for (const { folder: context } of images.values()) {
    const paths = globSync('**/*', { cwd: context });
    assert.deepEqual(
      paths.filter((path) => path.includes('node_modules') || path.endsWith('.map')),
      [],
    );
    const modes = new Set(paths.map((path) => statSync(join(context, path)).mode & 0o777));
    assert.deepEqual([...modes].sort(), [0o644, 0o755]);
  }
});

for (const [name, roles] of Object.entries(ROLES)) {
  for (const role of roles) {
    test(`${role} starts from its image's files alone, and says what its environment lacks`, async () => {
      const app = unpackApp(image(name), join(folder, `alone-${role}`));
      const { code, entries } = await runRole(join(app, `${role}.js`), ['check'], {});
      const last = entries().at(-1)!;
      assert.equal(code, 1);
      assert.match(last.err!.message, /^environment: (OMS_\w+(, )?)+ is missing/);
    });
  }
}

test('the fonts of papers are where the bundle looks for them', () => {
  for (const name of ['notifier', 'hub']) {
    const require = createRequire(join(image(name).folder, 'app', 'any.js'));
    assert.ok(require('#standard-fonts/Helvetica'));
    assert.ok(require('#standard-fonts/HelveticaBold'));
  }
});

test("the image's hub has the hubs of the local one", () => {
  const hubs = readFileSync(join(image('hub').folder, 'app', 'hubs.json'), 'utf8');
  assert.deepEqual(JSON.parse(hubs), HUB_CONFIG);
});

test('an order goes from the order API through the hub and the consumer to its mail, all of them out of images', async (t) => {
  const database = await startTestDatabase(t, { migrate: false });
  const sandboxDatabase = await startTestDatabase(t, { migrate: false });
  const work = join(folder, 'work');
  mkdirSync(join(work, 'hub'), { recursive: true });
  const secret = (name: string, value: string): string => {
    const file = join(work, name);
    writeFileSync(file, `${value}\n`);
    return file;
  };
  const [app, notifier, hub] = ['app', 'notifier', 'hub'].map((name) => unpackApp(image(name), work)) as [
    string,
    string,
    string,
  ];

  const setup = await runRole(join(app, 'setup.js'), ['expand'], {
    OMS_DATABASE_URL_FILE: secret('mysql-admin-url', database.url),
  });
  assert.deepEqual([setup.code, setup.lines.length, JSON.parse(setup.lines[0]!).changed], [0, 1, true]);
  await seedProducts(database.url, 100);

  const broker = await startRole(t, join(hub, 'hub.js'), {
    OMS_HUB_PORT: '0',
    OMS_HUB_HTTP_PORT: '0',
    OMS_HUB_DATA_DIR: join(work, 'hub'),
    OMS_HUB_CONFIG: join(hub, 'hubs.json'),
    OMS_HUB_KEY_FILE: secret('hub-key', 'test-key'),
  });
  const hooks = {
    OMS_PSP_HOOK_SECRET_FILE: secret('psp', 'a-secret-of-the-provider'),
    OMS_CARRIER_HOOK_SECRET_FILE: secret('carrier', 'a-secret-of-the-carriers'),
  };
  const stream = {
    OMS_EVENTHUB_CONNECTION_STRING_FILE: secret('hub-connection', connectionString(broker.port)),
    OMS_DATABASE_URL_FILE: secret('mysql-app-url', database.appUrl),
  };
  const producer = await startRole(t, join(app, 'producer.js'), {
    ...{ ...stream, ...hooks, ...QUESTIONS },
    OMS_ASK_DATABASE_URL_FILE: secret('mysql-ask-url', database.askUrl),
  });
  const producerUrl = `http://127.0.0.1:${producer.port}`;
  const sandbox = await startRole(t, join(hub, 'sandbox.js'), {
    OMS_SANDBOX_DATABASE_URL_FILE: secret('mysql-sandbox-url', sandboxDatabase.url),
    OMS_HOOKS_URL: producerUrl,
    ...hooks,
  });
  const sandboxUrl = `http://127.0.0.1:${sandbox.port}`;
  await startRole(t, join(app, 'consumer.js'), {
    ...stream,
    OMS_CONSUMER_NAME: 'consumer-{hostname}',
    OMS_PAYMENT_URL: sandboxUrl,
    OMS_CARRIER_URL: sandboxUrl,
  });
  const mail = join(work, 'mail');
  await startRole(t, join(notifier, 'notifier.js'), {
    OMS_DATABASE_URL_FILE: stream.OMS_DATABASE_URL_FILE,
    OMS_MAILDIR: mail,
  });
  const pages = await startRole(t, join(app, 'pages.js'), { OMS_API_URL: producerUrl });

  const ready = async (url: string) => (await fetch(`${url}/readyz`)).ok;
  await until('the order API is ready', () => ready(producerUrl));
  const placed = await fetch(`${producerUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(ORDER),
  });
  assert.equal(placed.status, 202, await placed.clone().text());
  const { order_id } = (await placed.json()) as { order_id: string };

  const parcel = await until(
    'a parcel has its label',
    async () => {
      const answer = await fetch(`${producerUrl}/api/orders/${order_id}`);
      const { parcels = [] } = (await answer.json()) as { parcels?: { carrier: string; tracking_no?: string }[] };
      return parcels.find((one) => one.tracking_no);
    },
    30_000,
  );
  const label = await fetch(`${sandboxUrl}/carriers/${parcel.carrier}/labels/${parcel.tracking_no}`);
  assert.equal(
    Buffer.from(await label.arrayBuffer())
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  );
  await until('mail is written', () => {
    const folders = readdirSync(work).includes('mail') ? readdirSync(mail, { recursive: true }) : [];
    return folders.some((path) => String(path).startsWith('new/'));
  });
  const page = await fetch(`http://127.0.0.1:${pages.port}/orders/${order_id}`);
  assert.equal(page.status, 200);

  const answer = await fetch(`${producerUrl}/api/admin/ask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${QUESTIONS.OMS_ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ question: 'orders today' }),
  });
  const { notes } = (await answer.json()) as { notes: string[] };
  assert.deepEqual(notes, ['the model did not answer (its client is not installed here): answered by rules']);
});
