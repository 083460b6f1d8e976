import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compile } from 'typebox/compile';
import { CostResult } from '../../src/stages/cost/cost.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

test('oms cost says what is needed and what is billed, touches nothing and needs no login', async (t) => {
  const cwd = tempFolder(t);
  const { code, stdout, stderr } = await runCli(['cost', '--rate', '5000', '--event-bytes', '1024'], {
    cwd,
    env: { PATH: '' },
  });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /Chosen: Standard, 6 throughput units, auto-inflate up to 12, 8 partitions a hub/);
  assert.match(stdout, /40,000 events\/s .*\nStandard cannot hold it/);
  assert.match(stdout, /namespace +TU hours +4,380 +8,760/);
  assert.deepEqual(await readdir(cwd), []);
});

test('oms cost --json is the same as data, in its published form', async () => {
  const { code, stdout } = await runCli(['cost', '--rate', '5k', '--events-per-order', '8', '--json']);
  const { status, result } = JSON.parse(stdout);
  assert.deepEqual([code, status], [0, 0]);
  assert.deepEqual(Compile(CostResult).Errors(result), []);
  assert.equal(result.sizing.throughputUnits, 48);
  assert.equal(result.sizing.standard.holds, false);
  assert.deepEqual(result.capacity, { sku: 'Premium', units: 8, maximumUnits: 0, partitions: 64 });
  assert.equal(result.drivers.month[0].billedBy, 'PU hours');
});

test('a tier that is asked for and cannot hold it is refused', async () => {
  const { code, stderr } = await runCli(['cost', '--rate', '5000', '--events-per-order', '8', '--sku', 'Standard']);
  assert.equal(code, 3);
  assert.match(stderr, /a Standard namespace cannot hold .*\n {2}why .*48 TU.*\n {2}next {2}oms cost .*--sku Premium/);
});

test('a result that nothing can take any more is told in one sentence, without a stack', {
  skip: !existsSync('/dev/full'),
}, () => {
  const cli = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));
  const full = openSync('/dev/full', 'w');
  const args = [cli, 'cost', '--rate', '5'];
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  assert.equal(status, 5);
  assert.match(stderr, /^error the result could not be written\n {2}why {3}ENOSPC.*\n$/);
});

const WRONG: [args: string[], first: RegExp][] = [
  [[], /--rate: how many orders a second\?/],
  [['--rate', '0'], /--rate: expected 1 to 1,000,000 orders a second, got "0"; for example --rate 5000/],
  [['--rate', '1', '--rate', '2'], /--rate can only be specified once/],
  [['--rate', 'x'.repeat(10_240)], /got "x{60}\.\.\."; for example/],
  [['--rate', '1\n2'], /got "1\?2"/],
  [['--rate', '5', '--password=hunter2'], /Nonexistent flag: --password$/],
];
for (const [args, first] of WRONG) {
  test(`oms cost ${args.join(' ').slice(0, 30)} is a wrong call`, async () => {
    const { code, stdout, stderr } = await runCli(['cost', ...args]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr.split('\n')[0]!, first);
    assert.doesNotMatch(stderr, /hunter2/);
    if (args.join().includes('password')) assert.match(stderr, /next {2}no secret is a flag.*az login/);
  });
}
