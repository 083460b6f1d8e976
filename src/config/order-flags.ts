import { Args, Flags } from '@oclif/core';
import { parseDuration } from './quantities.ts';
import { databaseUrlFlag, producerUrlFlag } from './target-flags.ts';

const wait = { minMs: 0, maxMs: 600_000, range: '0s to 10m', example: '--wait 10s' };

/** Which order a command is about. */
export const orderArg = {
  order: Args.string({
    required: true,
    description: 'id of the order or its beginning; with --customer the idempotency key it was placed under',
  }),
};

export const customerFlag = Flags.string({
  env: 'OMS_ORDER_CUSTOMER',
  summary: 'the customer, when ORDER is an idempotency key',
});

/** Flags of everything that changes an order. */
export const changeFlags = {
  customer: customerFlag,
  wait: Flags.integer({
    env: 'OMS_ORDER_WAIT',
    summary: 'how long to wait for the effect (default 10s)',
    parse: async (text) => parseDuration(text, wait),
  }),
  url: producerUrlFlag(),
  'database-url': databaseUrlFlag(),
};

/** What the flags of a change say, as its stage takes it. */
export const changeOptions = (
  args: { order: string },
  flags: {
    customer: string | undefined;
    wait: number | undefined;
    url: string | undefined;
    'database-url': string | undefined;
  },
) => ({
  order: { text: args.order, customer: flags.customer },
  waitMs: flags.wait ?? 10_000,
  url: flags.url,
  databaseUrl: flags['database-url'],
});
