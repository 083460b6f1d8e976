import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { ArchiveFacts } from '../../../../../src/adapters/azure/cloud.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import type { CanaryReport } from '../../../../../src/stages/provision/canary.ts';
import { environmentPaths } from '../../../../../src/stages/provision/environment.ts';
import {
  type LockOptions,
  lockArchive,
  refuseUnansweredLock,
} from '../../../../../src/stages/provision/lock-archive.ts';
import { openRunReport } from '../../../../../src/stages/provision/report.ts';
import { answering } from '../../../../helpers/answering.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import {
  demoArchive,
  demoContext,
  demoEnvironment,
  demoManagement,
  demoOutputs,
} from '../../../../helpers/provisioned.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const ACCOUNT = 'stomsdemoarch';

const canaryIn = (account: string, file: string): CanaryReport => ({
  ...{ id: 'c', partition: '0', sequenceNumber: 1, roundTripMs: 1 },
  archive: { account, file, waitedMs: 1 },
});

/** An archive that is locked when it is told to, unless `deaf`. */
function setUp(
  t: TestContext,
  { policy = demoArchive().policy, deaf = false, interactive = false } = {} as {
    policy?: ArchiveFacts['policy'];
    deaf?: boolean;
    interactive?: boolean;
  },
) {
  const locks: string[][] = [];
  const notes: string[] = [];
  const management = demoManagement({
    archive: async () => ({ ...demoArchive(), policy }),
    async lockArchive(...args) {
      locks.push(args);
      if (policy && !deaf) policy.state = 'Locked';
    },
  });
  const context = demoContext({ management });
  context.settings = { ...context.settings, dir: tempFolder(t) };
  context.terminal = { ...context.terminal, interactive, note: (text) => void notes.push(text) };
  const environment = demoEnvironment();
  const paths = environmentPaths(context.settings.dir, 'demo');
  /** Leaves the report of an earlier run. */
  const reportRun = async (at: string, canary?: CanaryReport) => {
    const then = { ...context, now: () => new Date(at) };
    const recorder = await openRunReport(paths, { command: 'oms provision', environment: 'demo' }, then);
    if (canary) recorder.record({ canary });
    recorder.finish();
  };
  const lock = (options: LockOptions, typed = '') =>
    lockArchive(environment, demoOutputs(), options, context, answering(`${typed}\r`));
  return { environment, paths, locks, notes, lock, reportRun };
}

const proven: LockOptions = { canary: canaryIn(ACCOUNT, 'a.avro'), confirm: ['demo', ACCOUNT] };

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it was locked'),
    (reason) => reason as OmsError,
  );

suite('locking the archive', () => {
  test('locks what was read, reads it back, and is remembered for Terraform', async (t) => {
    const { environment, paths, locks, lock } = setUp(t);
    assert.deepEqual(await lock(proven), {
      ...{ account: ACCOUNT, container: 'archive', days: 3_653, changed: true, provenBy: 'a.avro' },
    });
    assert.deepEqual(locks, [['rg-oms-demo', ACCOUNT, 'archive', '"1"']]);
    assert.equal(environment.archiveLocked, true);
    assert.equal(JSON.parse(readFileSync(paths.environment, 'utf8')).archiveLocked, true);
  });

  test('says what it means and has the name typed', async (t) => {
    const { locks, notes, lock } = setUp(t, { interactive: true });
    const { canary } = proven;
    const error = await refusal(lock({ canary }, 'yes'));
    assert.equal(error.code, 'refused');
    assert.equal(error.message, `${ACCOUNT} was not typed; it was not locked`);
    assert.deepEqual(locks, []);
    assert.match(notes[0]!, /cannot be undone, by nobody:\n.*3653 days/);
    assert.match(notes[0]!, /oms destroy will leave/);
    assert.equal((await lock({ canary }, ACCOUNT)).changed, true);
  });

  test('where nobody can be asked, the call that answers is named', async (t) => {
    const { locks, lock } = setUp(t);
    const error = await refusal(lock({ canary: proven.canary }));
    assert.equal(error.code, 'refused');
    assert.deepEqual(error.next, [`oms provision --env demo --lock-archive --confirm ${ACCOUNT}`]);
    assert.match(
      (await refusal(lock({ ...proven, confirm: ['demo'] }))).message,
      /--confirm names demo, the archive is/,
    );
    assert.deepEqual(locks, []);
  });

  test('what would be refused at the end is refused at the start', () => {
    const { names } = demoEnvironment();
    const account = names.archiveAccount;
    const judge =
      (confirm: string[] | undefined, interactive: boolean, archiveLocked = false) =>
      () =>
        refuseUnansweredLock({ name: 'demo', names, archiveLocked }, confirm, {
          terminal: plainTerminal({ interactive }),
        });
    const refused = { code: 'refused', next: [`oms provision --env demo --lock-archive --confirm ${account}`] };
    assert.throws(judge(undefined, false), refused);
    for (const interactive of [true, false]) assert.throws(judge(['demo'], interactive), refused);
    for (const passing of [judge(['demo', account], false), judge(undefined, true), judge(undefined, false, true)]) {
      assert.doesNotThrow(passing);
    }
  });

  test('needs a canary that was found in this account, in this run or an earlier one', async (t) => {
    const { paths, locks, lock, reportRun } = setUp(t);
    const { confirm } = proven;
    await reportRun('2026-01-01T10:00:00Z');
    await reportRun('2026-01-02T10:00:00Z', canaryIn('another', 'b.avro'));
    mkdirSync(join(paths.runs, '20260103T100000-aaaa'), { recursive: true });
    writeFileSync(join(paths.runs, '20260103T100000-aaaa', 'report.json'), 'cut o');
    const error = await refusal(lock({ confirm, canary: canaryIn('another', 'c.avro') }));
    assert.equal(error.code, 'refused');
    assert.match(error.message, /nothing shows yet that events reach stomsdemoarch/);
    assert.deepEqual(locks, []);
    await reportRun('2026-01-01T11:00:00Z', canaryIn(ACCOUNT, 'd.avro'));
    await reportRun('2026-01-01T12:00:00Z', canaryIn(ACCOUNT, 'e.avro'));
    assert.equal((await lock({ confirm })).provenBy, 'e.avro');
  });

  test('is refused for a policy that is none, or too short to be kept for ever', async (t) => {
    const none = setUp(t);
    const short = setUp(t, { policy: { days: 30, state: 'Unlocked', etag: '' } });
    const management = demoManagement({ archive: async () => ({ ...demoArchive(), policy: undefined }) });
    const missing = lockArchive(none.environment, demoOutputs(), proven, demoContext({ management }));
    assert.match((await refusal(missing)).message, /has no retention policy; it was not locked/);
    assert.match((await refusal(short.lock(proven))).message, /keeps files for 30 days; it was not locked/);
    assert.deepEqual(short.locks, []);
  });

  test('that is locked already asks nobody, and is remembered', async (t) => {
    const { environment, locks, lock } = setUp(t, { policy: { days: 3_653, state: 'Locked', etag: '' } });
    assert.equal((await lock({})).changed, false);
    assert.deepEqual(locks, []);
    assert.equal(environment.archiveLocked, true);
  });

  test('that was taken and cannot be read back is remembered all the same', async (t) => {
    const { environment } = setUp(t);
    const policy = { days: 3_653, state: 'Unlocked', etag: '"1"' };
    let locked = false;
    const management = demoManagement({
      archive: async () => {
        if (locked) throw new Error('the network is gone');
        return { ...demoArchive(), policy };
      },
      lockArchive: async () => {
        locked = true;
      },
    });
    const context = demoContext({ management });
    context.settings = { ...context.settings, dir: tempFolder(t) };
    await assert.rejects(lockArchive(environment, demoOutputs(), proven, context), { message: 'the network is gone' });
    assert.equal(environment.archiveLocked, true);
  });

  test('that Azure does not confirm is an error, and is not remembered', async (t) => {
    const { environment, paths, lock } = setUp(t, { deaf: true });
    const error = await refusal(lock(proven));
    assert.equal(error.code, 'azure_failed');
    assert.match(error.message, /says Unlocked when asked/);
    assert.equal(environment.archiveLocked, false);
    assert.equal(existsSync(paths.environment), false);
  });
});
