import { Args, Flags } from '@oclif/core';
import { parseDuration, parseLetterId, QuantityError } from './quantities.ts';
import { databaseUrlFlag } from './target-flags.ts';

const wait = { minMs: 0, maxMs: 600_000, range: '0s to 10m', example: '--wait 10s' };

/** Numbers of dead letters, as many as there are on the line. */
export const letterArgs = {
  ids: Args.custom<number>({ parse: async (text) => parseLetterId(text) })({
    multiple: true,
    ignoreStdin: true,
    description: 'numbers of dead letters, as oms dlq list shows them',
  }),
};

/** Flags of everything that settles dead letters. */
export const resolveFlags = {
  all: Flags.boolean({ env: 'OMS_DLQ_ALL', summary: 'every dead letter that is open' }),
  'database-url': databaseUrlFlag(),
};

export const waitFlag = Flags.integer({
  env: 'OMS_DLQ_WAIT',
  summary: 'how long to wait for the effect (default 10s)',
  parse: async (text) => parseDuration(text, wait),
});

/**
 * The letters named, none for all of them.
 * @throws {QuantityError} when neither or both are said
 */
export function chosenLetters(ids: readonly number[] = [], all = false): readonly number[] {
  if (ids.length > 0 !== all) return ids;
  throw new QuantityError('expected the numbers of dead letters, or --all');
}
