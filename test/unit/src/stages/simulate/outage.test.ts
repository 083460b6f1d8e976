import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settled } from '../../../../../src/stages/simulate/load-generator.ts';
import { OutageMaker, outageMs } from '../../../../../src/stages/simulate/outage.ts';
import { until } from '../../../../helpers/until.ts';

const accepted = { outcome: 'accepted' } as Settled;

test('an outage lasts a fifth of the run, at most ten seconds, or as long as asked for', () => {
  assert.deepEqual(
    [outageMs(undefined, 20_000), outageMs(undefined, 600_000), outageMs(2_500, 1)],
    [4_000, 10_000, 2_500],
  );
});

test('an outage comes in the middle of the run, ends, and is measured', async (t) => {
  let now = 1_000;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pass = (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const calls: string[] = [];
  const standStill = () => {
    calls.push('stands');
    return () => void calls.push('goes on');
  };
  const outage = new OutageMaker({ of: 'hub', lengthMs: 50, lastsMs: 30, standStill });
  outage.start();
  pass(5);
  outage.settled(accepted);
  pass(14);
  assert.deepEqual(calls, []);
  pass(1);
  assert.deepEqual(calls, ['stands']);
  pass(29);
  assert.deepEqual(calls, ['stands']);
  pass(1);
  pass(4);
  outage.settled(accepted);
  await outage.finish();
  const { result, thresholds } = await outage.report();
  assert.deepEqual(calls, ['stands', 'goes on']);
  assert.deepEqual(result.outage, {
    ...{ of: 'hub', began_at_ms: 20, lasted_ms: 30 },
    ...{ accepted_again_ms: 4, longest_silence_ms: 49 },
  });
  assert.equal(thresholds[0]?.ok, true);
});

test('a run that ends in the middle of an outage ends the outage', async () => {
  let stands = false;
  const standStill = () => {
    stands = true;
    return () => {
      stands = false;
    };
  };
  const outage = new OutageMaker({ of: 'database', lengthMs: 1, lastsMs: 3_600_000, standStill });
  outage.start();
  await until('it stands still', () => stands);
  await outage.finish();
  assert.equal(stands, false);
});

test('an outage that could not be made fails the run', async () => {
  const standStill = () => {
    throw new Error('process 1 does not run');
  };
  const outage = new OutageMaker({ of: 'hub', lengthMs: 1, lastsMs: 1, standStill });
  outage.start();
  await until('it was tried', async () => (await outage.report()).thresholds[0]?.got !== 'none');
  const [threshold] = (await outage.report()).thresholds;
  assert.deepEqual([threshold?.ok, threshold?.got], [false, 'process 1 does not run']);
});
