import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { AnsibleEngine, PlayCall, PlayRecap } from '../../../../../src/adapters/ansible/engine.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { createBackup } from '../../../../../src/stages/backup/create.ts';
import { listBackups } from '../../../../../src/stages/backup/list.ts';
import type { DatabaseNow } from '../../../../../src/stages/backup/records.ts';
import { type RestoreOptions, restoreBackup } from '../../../../../src/stages/backup/restore.ts';
import { aBackup, aDatabase, aHub, aManifest } from '../../../../helpers/backups.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, refusingHost, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const RELEASE = 'r-0123456789ab';
const NAME = aBackup().name;

const state = {
  ...{ version: 1, release: RELEASE, previous: null, colours: { producer: 'a', consumer: 'a' } },
  ...{ deployedAt: '2026-11-21T10:00:00Z', deployedBy: 'anna@laptop' },
};
const release = {
  ...{ version: 1, id: RELEASE, oms: '1.0.0', madeAt: '2026-11-21T10:00:00Z', images: {}, services: {}, files: {} },
  schema: { knows: 8, needs: 6 },
};

const FINE: PlayRecap = { hosts: {}, changed: 1, failed: [] };
const failed = (stderr: string): PlayRecap => ({
  ...FINE,
  failed: [{ play: 'p', task: 'Load the backup', host: 'shop-1', outcome: 'failed', message: 'it failed', stderr }],
});

/** A site on this machine, whose backup program answers what the test says. */
function setUp(t: TestContext, play: (call: PlayCall) => PlayRecap = () => FINE) {
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  const dir = join(folder, 'oms');
  mkdirSync(join(home, 'releases', RELEASE), { recursive: true });
  mkdirSync(join(dir, 'demo'), { recursive: true });
  const write = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
  write(join(home, 'state.json'), state);
  write(join(home, 'releases', RELEASE, 'release.json'), release);
  write(join(dir, 'demo', 'deploy.json'), aSite({ home }));
  withPrograms(t, { python3: `cat > /dev/null; cat '${folder}/answer'` });
  const answer = (now: Partial<DatabaseNow> = {}) => write(join(folder, 'answer'), aDatabase(now));
  answer();
  const played: string[] = [];
  const abort = new AbortController();
  const ansible: AnsibleEngine = {
    version: async () => '2.19.0',
    provide: async () => undefined,
    play: async (call) => {
      played.push(call.playbook);
      assert.equal(call.signal.aborted, false);
      return play(call);
    },
  };
  const context = { ...quietContext(dir, abort.signal), ansible, now: () => new Date('2026-11-21T12:00:00Z') };
  const restore = (parts: Partial<RestoreOptions> = {}) => {
    const given = { env: 'demo', name: NAME, confirm: 'demo', backupFirst: true, acceptLoss: false, why: undefined };
    return restoreBackup({ ...given, ...parts }, context);
  };
  const refused = async (parts: Partial<RestoreOptions>, expected: object) => {
    await assert.rejects(restore(parts), expected);
    assert.deepEqual(played, []);
    assert.equal(existsSync(join(home, 'lock')), false);
  };
  const audit = () => JSON.parse(readFileSync(join(home, 'audit.jsonl'), 'utf8').trim().split('\n').at(-1)!);
  return { folder, home, dir, write, answer, played, abort, context, restore, refused, audit };
}

suite('a restore is refused before anything is changed', () => {
  test('of a backup that is not there, naming those that are', async (t) => {
    const { refused, answer } = setUp(t);
    await refused({ name: '20200101T000000Z' }, { code: 'not_found', why: `there are ${NAME}` });
    answer({ backups: [] });
    await refused({ name: 'latest' }, { code: 'not_found', message: 'there is no backup' });
  });

  test('of one that is cut off or has lost its file; latest passes it over', async (t) => {
    const { refused, restore, answer } = setUp(t);
    answer({ backups: [aBackup({ file: 'cut' })] });
    await refused({}, { code: 'refused', message: /is cut off/ });
    await refused({ name: 'latest' }, { code: 'not_found' });
    answer({ backups: [aBackup({ file: 'missing' })] });
    await refused({}, { code: 'refused', message: /has lost its file/ });
    answer({ backups: [aBackup({ file: 'cut' }), aBackup({ name: '20261120T023000Z' })] });
    assert.equal((await restore({ name: 'latest' })).name, '20261120T023000Z');
  });

  test('of one that is newer than the code that would read it', async (t) => {
    const { refused, answer } = setUp(t);
    answer({ backups: [aBackup({ schemaVersion: 9 })] });
    await refused({}, { code: 'incompatible_release', why: 'its schema is 9, and r-0123456789ab knows 8' });
  });

  test('when events since are gone from the hub, unless the loss is accepted', async (t) => {
    const { refused, restore, answer } = setUp(t);
    answer({ hub: aHub(60) });
    const message = `20 events since the backup ${NAME} could not be stored again`;
    await refused({}, { code: 'refused', message });
    assert.equal((await restore({ acceptLoss: true })).name, NAME);
  });

  test('without the name typed, or with another one', async (t) => {
    const { refused } = setUp(t);
    await refused({ confirm: undefined }, { code: 'refused' });
    await refused({ confirm: 'prod' }, { code: 'refused', message: '--confirm says prod, and this is demo' });
  });

  test('after half of a deployment', async (t) => {
    const { refused, home, write } = setUp(t);
    write(join(home, 'deploying.json'), { release: RELEASE, from: null, colours: state.colours, phase: 'shift' });
    await refused({}, { code: 'refused', message: `a deployment of ${RELEASE} was cut off` });
  });

  test('of a database that cannot be read and so not be kept, unless that is said', async (t) => {
    const { refused, restore, answer } = setUp(t);
    answer({ problem: "Table 'oms.orders' doesn't exist in engine", rows: {} });
    await refused({}, { code: 'refused', message: 'what is there cannot be kept as a backup first' });
    // Afterwards it is read again, and this one stays broken.
    await assert.rejects(restore({ backupFirst: false }), { code: 'check_failed' });
  });

  test('where nothing is deployed, saying what to do for the local stack', async (t) => {
    const { context, refused } = setUp(t);
    await refused({ env: 'other' }, { code: 'not_deployed' });
    await assert.rejects(listBackups('other', context), (error) => {
      assert.ok(error instanceof OmsError);
      assert.match(error.next.join(' '), /oms deploy --env other.*copy the folder \.oms\/local/);
      return true;
    });
  });

  test('while somebody else is at it', async (t) => {
    const { restore, home, played } = setUp(t);
    mkdirSync(join(home, 'lock'));
    await assert.rejects(restore(), { code: 'deploy_locked' });
    assert.deepEqual(played, []);
  });
});

suite('a restore', () => {
  test('keeps what is there first, replaces it, waits until everything since is stored, and is written down', async (t) => {
    const { restore, played, audit } = setUp(t);
    const restored = await restore({ why: 'prices were deleted' });
    assert.deepEqual(played, ['backup.yml', 'restore.yml']);
    assert.deepEqual(
      [restored.before.orders, restored.backup.orders, restored.after.orders, restored.behind],
      [160, 100, 160, 0],
    );
    const { action, outcome, why, detail } = audit();
    assert.deepEqual([action, outcome, why], ['restore', 'done', 'prices were deleted']);
    assert.equal(detail, `${NAME}: 160 orders, 100 in the backup, 160 now`);
    const report = JSON.parse(readFileSync(restored.report, 'utf8'));
    assert.deepEqual([report.command, report.outcome, report.phases.length], ['oms backup restore', 'done', 2]);
  });

  test('what fails before the exchange changes nothing, and says so', async (t) => {
    const { restore, played } = setUp(t, ({ playbook }) =>
      playbook === 'backup.yml' ? failed('oms-backup: another backup or restore is under way') : FINE,
    );
    await assert.rejects(restore(), { code: 'deploy_locked', message: /is busy with another backup or restore/ });
    assert.deepEqual(played, ['backup.yml']);
  });

  test('what fails afterwards is put back', async (t) => {
    const { restore, played, audit } = setUp(t, ({ playbook }) =>
      playbook === 'restore.yml' ? failed('oms-backup: the backup cannot be loaded: ERROR 1064') : FINE,
    );
    await assert.rejects(restore({ backupFirst: false }), {
      message: 'nothing was restored; the database is as it was, and consumers run',
      why: 'the backup cannot be loaded: ERROR 1064',
    });
    assert.deepEqual(played, ['restore.yml', 'restore-back.yml']);
    assert.equal(audit().outcome, 'rolled-back');
  });

  test('a disk that is full is told as such', async (t) => {
    const said = 'oms-backup: loading the backup needs about 900 MiB of disk, and 20 MiB are free';
    const { restore } = setUp(t, ({ playbook }) => (playbook === 'restore.yml' ? failed(said) : FINE));
    await assert.rejects(restore({ backupFirst: false }), { code: 'disk' });
  });

  test('Ctrl-C puts everything back, and is not stopped by itself', async (t) => {
    const reason = new Error('Ctrl-C');
    const { restore, played, abort, audit } = setUp(t, ({ playbook }) => {
      if (playbook === 'restore.yml') abort.abort(reason);
      return FINE;
    });
    await assert.rejects(restore({ backupFirst: false }), reason);
    assert.deepEqual(played, ['restore.yml', 'restore-back.yml']);
    assert.equal(audit().outcome, 'rolled-back');
  });

  test('a failure that cannot be taken back says what to do', async (t) => {
    const { restore } = setUp(t, () => failed('unreachable'));
    await assert.rejects(restore({ backupFirst: false }), { message: /and putting it back failed as well/ });
  });

  test('rows that are missing afterwards are no success', async (t) => {
    const ground = setUp(t, () => {
      ground.answer({ rows: { orders: 99, payments: 150 } });
      return FINE;
    });
    await assert.rejects(ground.restore({ backupFirst: false }), {
      code: 'check_failed',
      why: 'orders: 99 rows of 100',
    });
  });

  test('a backup that lies here alone is sent first, the manifest last', async (t) => {
    const { restore, answer, dir, home, write } = setUp(t);
    answer({ backups: [] });
    const here = join(dir, 'demo', 'backups');
    mkdirSync(here);
    write(join(here, `${NAME}.json`), aManifest());
    writeFileSync(join(here, `${NAME}.sql.gz`), Buffer.alloc(aManifest().bytes, 7));
    await restore({ backupFirst: false });
    const sent = join(home, 'backups', NAME);
    assert.deepEqual(readFileSync(`${sent}.sql.gz`), Buffer.alloc(aManifest().bytes, 7));
    assert.deepEqual(JSON.parse(readFileSync(`${sent}.json`, 'utf8')), aManifest());
  });
});

suite('lists and copies', () => {
  test('a server that is away does not hide what is here', async (t) => {
    const { context, dir, write } = setUp(t);
    mkdirSync(join(dir, 'demo', 'backups'));
    write(join(dir, 'demo', 'backups', `${NAME}.json`), aManifest());
    write(join(dir, 'demo', 'backups', 'notes.json'), { mine: true });
    write(join(dir, 'demo', 'deploy.json'), aSite({ hosts: [refusingHost()] }));
    const { away, backups } = await listBackups('demo', context);
    assert.match(away!, /nothing listens/);
    assert.deepEqual(
      backups.map(({ name, file, where }) => [name, file, where]),
      [[NAME, 'missing', ['here']]],
    );
  });

  test('a copy that does not arrive whole is none', async (t) => {
    const { context, dir, home, answer } = setUp(t, () => {
      answer({ backups: [aBackup()] });
      return FINE;
    });
    answer({ backups: [] });
    mkdirSync(join(home, 'backups'));
    writeFileSync(join(home, 'backups', `${NAME}.sql.gz`), 'something else');
    const folder = join(dir, 'copies');
    const options = { env: 'demo', keep: 14, download: folder, why: undefined };
    await assert.rejects(createBackup(options, context), { code: 'deploy_failed', message: /did not arrive whole/ });
    assert.equal(existsSync(join(folder, `${NAME}.sql.gz`)), false);
    assert.equal(existsSync(join(folder, `${NAME}.sql.gz.part`)), false);
  });
});
