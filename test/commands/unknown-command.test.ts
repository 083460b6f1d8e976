import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runCli } from '../helpers/run-cli.ts';

const next = (stderr: string) => [...stderr.matchAll(/^ {2}next {2}(.*)$/gm)].map(([, step]) => step);

suite('a command that there is not', () => {
  const calls: [string[], string, string[]][] = [
    [['statsu'], 'statsu', ['oms status', 'oms --help']],
    [['hub', 'crate', 'orders'], 'hub crate', ['oms hub create', 'oms hub --help']],
    [['ordr', 'show', 'o-1'], 'ordr', ['oms order show', 'oms --help']],
    [['frobnicate'], 'frobnicate', ['oms --help']],
  ];
  for (const [words, named, steps] of calls) {
    test(`${words.join(' ')}: exit 127 and what was probably meant, which is not run`, async () => {
      const { code, stdout, stderr } = await runCli(words);
      assert.deepEqual([code, stdout], [127, '']);
      assert.match(stderr, new RegExp(`^error oms has no command "${named}"\n`));
      assert.deepEqual(next(stderr), steps);
    });
  }

  test('as JSON, on stdout alone', async () => {
    const { code, stdout, stderr } = await runCli(['staus', '--json']);
    assert.deepEqual([code, stderr], [127, '']);
    const message = 'oms has no command "staus"';
    assert.deepEqual(JSON.parse(stdout), {
      status: 127,
      error: { code: 'usage', message, next: ['oms status', 'oms --help'] },
      warnings: [],
    });
  });
});
