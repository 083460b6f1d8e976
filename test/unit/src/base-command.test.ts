import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaseCommand } from '../../../src/base-command.ts';
import { provisionFlags } from '../../../src/config/provision-flags.ts';
import { OmsError } from '../../../src/errors.ts';

/** Says whether it would ask. */
class Asking extends BaseCommand {
  static override flags = provisionFlags;

  async run() {
    const { context } = await this.start(Asking);
    return context.terminal.interactive;
  }
}

const CALLS: [argv: string[], asks: boolean][] = [
  [[], true],
  [['--no-prompt'], false],
  [['--no-input'], false],
];
for (const [argv, asks] of CALLS) {
  test(`on a terminal "${argv.join(' ')}" ${asks ? 'asks' : 'never asks'}`, async (t) => {
    const streams = [process.stdin, process.stderr];
    const before = streams.map(({ isTTY }) => isTTY);
    for (const stream of streams) stream.isTTY = true;
    t.after(() => {
      for (const [index, stream] of streams.entries()) Object.assign(stream, { isTTY: before[index] });
    });
    assert.equal(await Asking.run(argv, import.meta.url), asks);
  });
}

/** Fails with what a server has said. */
class Failing extends BaseCommand {
  async run() {
    const said = 'shop-1 says \u001b[2Jall is well\rdone';
    throw new OmsError('deploy_failed', said, { why: said, next: [said], original: `${said}\n\tline two` });
  }
}

test('what a server says reaches a terminal as text', async (t) => {
  const write = t.mock.method(process.stderr, 'write', () => true);
  const before = process.exitCode;
  t.after(() => {
    process.exitCode = before;
  });
  await assert.rejects(Failing.run([], import.meta.url));
  const text = write.mock.calls.map(({ arguments: [chunk] }) => String(chunk)).join('');
  assert.equal(text.split('\\u{1b}[2Jall is well\\u{d}done').length, 5);
  assert.match(text, /\n {4}line two/);
});
