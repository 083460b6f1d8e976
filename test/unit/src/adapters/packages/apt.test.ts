import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CommandFailed } from '../../../../../src/adapters/exec/run.ts';
import { type Apt, parseSimulatedInstall, resolvePackages } from '../../../../../src/adapters/packages/apt.ts';

suite("the distribution's packages", () => {
  test('the names of a simulated installation are read', () => {
    assert.deepEqual(parseSimulatedInstall('Reading...\nInst a (1 x)\nConf a (1 x)\nInst b [2] (3 y)\n'), ['a', 'b']);
  });

  const knows: (known: string) => Apt = (known) => async (_program, args) => {
    const name = args.at(-1)!;
    if (name !== known) throw new CommandFailed('failed', `Reading...\nE: Unable to locate package ${name}\n`, 100);
    return `Inst lib${name} (1 x)\nInst ${name} (1 x)\n`;
  };

  test('the first candidate there is, with what it needs', async () => {
    assert.deepEqual(await resolvePackages(knows('second'), ['first', 'second', 'third']), ['libsecond', 'second']);
  });

  test('without any, what was said of each', async () => {
    await assert.rejects(resolvePackages(knows('other'), ['first', 'second']), {
      message: 'E: Unable to locate package first; E: Unable to locate package second',
    });
  });
});
