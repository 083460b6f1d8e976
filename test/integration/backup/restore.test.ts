import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { connect } from '../../../lib/database/connect.ts';
import type { AnsibleEngine } from '../../../src/adapters/ansible/engine.ts';
import type { Context } from '../../../src/context.ts';
import { createBackup } from '../../../src/stages/backup/create.ts';
import { listBackups } from '../../../src/stages/backup/list.ts';
import { type RestoreOptions, restoreBackup } from '../../../src/stages/backup/restore.ts';
import { backupServer } from '../../helpers/backup-server.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { seedProducts } from '../../helpers/orders.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { realAnsible } from '../../helpers/real-ansible.ts';
import { setEnvironment } from '../../helpers/set-environment.ts';
import { aSite } from '../../helpers/sites.ts';

const RELEASE = 'r-0123456789ab';

const release = (knows: number) => ({
  ...{ version: 1, id: RELEASE, oms: '1.0.0', madeAt: '2026-11-21T10:00:00Z', images: {}, services: {}, files: {} },
  schema: { knows, needs: 0 },
});

const state = {
  ...{ version: 1, release: RELEASE, previous: null, colours: { producer: 'a', consumer: 'b' } },
  ...{ deployedAt: '2026-11-21T10:00:00Z', deployedBy: 'anna@laptop' },
};

/** The playbooks work on the schema of the test instead of the shop's. */
function inSchema(context: Context, ansible: AnsibleEngine, schema: string): Context {
  return {
    ...context,
    ansible: {
      ...ansible,
      play: (call) => {
        const variables = JSON.parse(readFileSync(call.variables, 'utf8'));
        writeFileSync(call.variables, JSON.stringify({ ...variables, oms_schema: schema }));
        return ansible.play(call);
      },
    },
    remote: {
      ...context.remote,
      run: (target, argv, options) => {
        const words = argv[0] === 'python3' ? [...argv.slice(0, -1), '--schema', schema, argv.at(-1)!] : argv;
        return context.remote.run(target, words, options);
      },
    },
  };
}

async function setUp(t: TestContext) {
  const ansible = await realAnsible(t);
  if (!ansible) return undefined;
  const database = await startTestDatabase(t);
  await seedProducts(database.url, 10);
  const server = await backupServer(t, database);
  setEnvironment(t, { PATH: `${join(server.folder, 'bin')}:${process.env.PATH}` });
  const folder = join(server.home, 'releases', RELEASE);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(server.home, 'bin'));
  writeFileSync(join(folder, 'release.json'), JSON.stringify(release(99)));
  writeFileSync(join(folder, 'compose.yaml'), 'services: {}\n');
  writeFileSync(join(server.home, 'state.json'), JSON.stringify(state));
  const dir = join(server.folder, 'oms');
  mkdirSync(join(dir, 'demo'), { recursive: true });
  writeFileSync(join(dir, 'demo', 'deploy.json'), JSON.stringify(aSite({ home: server.home })));
  const connection = await connect(database.url);
  t.after(() => connection.end());
  const abort = new AbortController();
  const context = inSchema(quietContext(dir, abort.signal), ansible, database.schema);
  const products = async () => {
    const [rows] = await connection.query('SELECT COUNT(*) AS number FROM products');
    return Number((rows as { number: number }[])[0]!.number);
  };
  const audit = () =>
    readFileSync(join(dir, 'demo', 'audit.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { server, context, connection, products, audit, dir, abort, folder };
}

type Ground = NonNullable<Awaited<ReturnType<typeof setUp>>>;

const ask = (parts: Partial<RestoreOptions> = {}): RestoreOptions => ({
  ...{ env: 'demo', name: 'latest', confirm: 'demo', backupFirst: true, acceptLoss: false, why: 'prices were deleted' },
  ...parts,
});

async function roundTrip({ server, context, connection, products, audit, dir }: Ground): Promise<void> {
  server.answer('hub', JSON.stringify([{ name: 'orders', createdAt: '2026-11-21T09:00:00.000Z', partitions: [] }]));
  const before = await products();
  const made = await createBackup(
    { env: 'demo', keep: 14, download: join(dir, 'demo', 'backups'), why: undefined },
    context,
  );
  assert.equal(made.where, `shop-1:${server.path(made.name)}.sql.gz`);
  assert.equal(made.downloaded, join(dir, 'demo', 'backups', `${made.name}.sql.gz`));
  assert.deepEqual(readFileSync(made.downloaded), readFileSync(server.path(`${made.name}.sql.gz`)));

  await connection.query('DELETE FROM products LIMIT 1');
  server.compose();
  const restored = await restoreBackup(ask({ name: made.name }), context);
  assert.equal(await products(), before);
  assert.deepEqual(server.compose(), [
    'stop consumer-a consumer-b notifier',
    'run setup node setup.js expand',
    'start consumer-b notifier',
  ]);
  assert.equal(restored.behind, 0);
  assert.notEqual(restored.keptAs, null);

  const { backups } = await listBackups('demo', context);
  assert.deepEqual(
    backups.map(({ name, where }) => [name, where]),
    [
      [restored.keptAs, ['server']],
      [made.name, ['server', 'here']],
    ],
  );
  // What was kept is the way back.
  await restoreBackup(ask({ name: restored.keptAs!, backupFirst: false }), context);
  assert.equal(await products(), before - 1);
  assert.deepEqual(
    audit().map(({ action, outcome, why }) => [action, outcome, why]),
    [
      ['backup', 'done', null],
      ['restore', 'done', 'prices were deleted'],
      ['restore', 'done', 'prices were deleted'],
    ],
  );
}

/** Migrations that fail after the swap: everything is put back, and consumers run. */
async function failAndGoBack({ server, context, products, audit }: Ground): Promise<void> {
  const before = await products();
  server.compose();
  server.failing('run');
  await assert.rejects(restoreBackup(ask({ backupFirst: false }), context), {
    message: 'nothing was restored; the database is as it was, and consumers run',
  });
  server.failing('nothing');
  assert.equal(await products(), before);
  assert.equal(server.compose().at(-1), 'start consumer-b notifier');
  assert.equal(audit().at(-1).outcome, 'rolled-back');
  assert.equal((await listBackups('demo', context)).restoring, null);
}

suite('oms backup, with the real Ansible and a real database', () => {
  test('a site and its backups', async (t) => {
    const ground = await setUp(t);
    if (!ground) return;
    await t.test('create, list, restore, and back again', () => roundTrip(ground));
    await t.test('a restore that fails is taken back', () => failAndGoBack(ground));
  });
});
