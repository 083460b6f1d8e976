import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaseCommand } from '../../../src/base-command.ts';
import { provisionFlags } from '../../../src/config/provision-flags.ts';

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
