import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { suite, type TestContext, test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { readHostLocks, unlockHosts, withHostLocks } from '../../../../../src/stages/deploy/host-lock.ts';
import { newHolder } from '../../../../../src/stages/deploy/lock-holder.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, localHost, refusingHost, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const RUN = '20261121T120000-ab12';

function setUp(t: TestContext) {
  withPrograms(t);
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  const context = quietContext(join(folder, 'oms'));
  t.after(() => context.remote.close());
  return { site: aSite({ home }), context, folder, home, lock: join(home, 'lock') };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail('it should have been refused'),
    (error: unknown) => {
      assert.ok(error instanceof OmsError, String(error));
      return error;
    },
  );

suite('the lock on the servers', () => {
  test('says who, since when and why while the work is done, and is gone afterwards', async (t) => {
    const { site, context, lock } = setUp(t);
    const result = await withHostLocks(site, newHolder(RUN, 'spring offers', NOW), context, async () => {
      const holder = JSON.parse(readFileSync(join(lock, 'holder.json'), 'utf8'));
      assert.equal(holder.why, 'spring offers');
      assert.equal(holder.run, RUN);
      assert.equal(holder.since, '2026-11-21T12:00:00.000Z');
      assert.match(holder.who, /^.+@.+$/);
      return 'done';
    });
    assert.equal(result, 'done');
    assert.equal(existsSync(lock), false);
  });

  test('of two deployments at once one has it, and the other is told who', async (t) => {
    const { site, context } = setUp(t);
    const error = await withHostLocks(site, newHolder(RUN, 'first', NOW), context, () =>
      refusal(withHostLocks(site, newHolder('20261121T120001-cd34', null, NOW), context, async () => undefined)),
    );
    assert.equal(error.code, 'deploy_locked');
    assert.match(error.why ?? '', /since 2026-11-21 12:00 UTC \("first"\), and that run is at work/);
    assert.match(error.next.join('\n'), /oms deploy --env demo --unlock/);
  });

  test('work that fails, or is interrupted, leaves no lock', async (t) => {
    const { site, folder, lock } = setUp(t);
    const stop = new AbortController();
    const context = quietContext(join(folder, 'oms'), stop.signal);
    const work = async () => {
      stop.abort(new OmsError('interrupted', 'interrupted by SIGINT'));
      stop.signal.throwIfAborted();
    };
    const error = await refusal(withHostLocks(site, newHolder(RUN, null, NOW), context, work));
    assert.equal(error.code, 'interrupted');
    assert.equal(existsSync(lock), false);
  });

  test('a server that cannot be reached leaves none of the others locked', async (t) => {
    const { site, context, lock } = setUp(t);
    const two = { ...site, hosts: [refusingHost({ name: 'shop-2' }), localHost()] };
    const error = await refusal(withHostLocks(two, newHolder(RUN, null, NOW), context, async () => undefined));
    assert.equal(error.code, 'host_unreachable');
    assert.equal(existsSync(lock), false);
  });

  test('a lock whose run has ended says so, first with the way out', async (t) => {
    const { site, context, lock } = setUp(t);
    const dead = { ...newHolder(RUN, null, NOW), pid: 999_999_999, startTime: '1' };
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'holder.json'), JSON.stringify(dead));
    const error = await refusal(withHostLocks(site, newHolder('x', null, NOW), context, async () => undefined));
    assert.match(error.why ?? '', /and that run has ended/);
    assert.equal(error.next[0], 'oms deploy --env demo --unlock');
  });

  test('of a process on another machine of the same name nothing is said', async (t) => {
    const { site, context, lock } = setUp(t);
    const stranger = { ...newHolder(RUN, null, NOW), pid: 999_999_999, startTime: '1', boot: 'another start' };
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'holder.json'), JSON.stringify(stranger));
    const error = await refusal(withHostLocks(site, newHolder('x', null, NOW), context, async () => undefined));
    assert.doesNotMatch(error.why ?? '', /that run/);
    assert.match(error.next[0] ?? '', /^wait until it is done/);
  });

  test('the report of a run from this folder tells that it has ended, wherever its process was', async (t) => {
    const { site, context, lock, folder } = setUp(t);
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'holder.json'), JSON.stringify({ ...newHolder(RUN, null, NOW), machine: 'elsewhere' }));
    const report = join(folder, 'oms', 'demo', 'runs', RUN, 'report.json');
    const locked = () => refusal(withHostLocks(site, newHolder('x', null, NOW), context, async () => undefined));
    assert.doesNotMatch((await locked()).why ?? '', /that run/);
    mkdirSync(join(report, '..'), { recursive: true });
    context.machine.writeJson(report, {
      outcome: 'interrupted',
      endedAt: '2026-11-21T12:01:00Z',
    });
    assert.match((await locked()).why ?? '', /and that run has ended/);
  });

  test('a lock without a name is held all the same', async (t) => {
    const { site, context, lock } = setUp(t);
    mkdirSync(lock, { recursive: true });
    const error = await refusal(withHostLocks(site, newHolder(RUN, null, NOW), context, async () => undefined));
    assert.match(error.why ?? '', /held by somebody who has left no name/);
    assert.equal(existsSync(lock), true);
  });

  test('what cannot be made is told, with what the server said', async (t) => {
    const { site, context, folder } = setUp(t);
    writeFileSync(join(folder, 'file'), '');
    const bad = { ...site, home: join(folder, 'file', 'home') };
    const error = await refusal(withHostLocks(bad, newHolder(RUN, null, NOW), context, async () => undefined));
    assert.equal(error.code, 'deploy_failed');
    assert.match(`${error.message} ${error.why}`, /shop-1: its lock could not be taken mkdir: .*Not a directory/);
  });

  test('it is taken away by whoever says so, and the audit trail knows', async (t) => {
    const { site, context, lock, home } = setUp(t);
    assert.deepEqual(await unlockHosts(site, { yes: true }, context), []);
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'holder.json'), JSON.stringify(newHolder(RUN, null, NOW)));
    assert.equal((await readHostLocks(site, context))[0]?.holder?.run, RUN);
    const refused = await refusal(unlockHosts(site, { yes: false }, context));
    assert.equal(refused.code, 'refused');
    assert.deepEqual(await unlockHosts(site, { yes: true, why: 'she is on holiday' }, context), ['shop-1']);
    assert.equal(existsSync(lock), false);
    const entry = JSON.parse(readFileSync(join(home, 'audit.jsonl'), 'utf8'));
    assert.deepEqual([entry.action, entry.why], ['unlock', 'she is on holiday']);
  });

  test('it stays when something else was typed', async (t) => {
    const { site, context, lock } = setUp(t);
    mkdirSync(lock, { recursive: true });
    const terminal = { ...context.terminal, width: 80, interactive: true };
    const input = new PassThrough();
    const asking = { input, output: new PassThrough() };
    input.write('production\n');
    const error = await refusal(unlockHosts(site, { yes: false }, { ...context, terminal }, asking));
    assert.match(error.message, /demo was not typed/);
    assert.equal(existsSync(lock), true);
  });
});
