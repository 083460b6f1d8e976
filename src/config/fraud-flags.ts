import { Args, Flags } from '@oclif/core';
import { UUID_PATTERN } from '../../lib/domain/ids.ts';
import { OmsError } from '../errors.ts';
import { parseCount } from './quantities.ts';
import { producerUrlFlag } from './target-flags.ts';

const orders = { min: 100, max: 1_000_000, unit: 'orders of each seed', example: '--orders 50k' };
const seed = { min: 0, max: 4_294_967_295, unit: '(a whole number)', example: '--seeds 201,202' };
const UUID = new RegExp(UUID_PATTERN);

/** How many labelled orders are made from each seed. */
export const labelledOrdersFlag = (fallback: number) =>
  Flags.integer({
    env: 'OMS_FRAUD_ORDERS',
    summary: `labelled orders made from each seed (default ${fallback})`,
    parse: async (text) => parseCount(text, orders),
  });

/** What labelled orders are made from: whole numbers, separated by commas. */
export const seedsFlag = Flags.custom<number[]>({
  parse: async (text) => text.split(',').map((part) => parseCount(part, seed)),
});

/** Orders that a person decides on. */
export const orderIdsArg = () =>
  Args.string({
    required: true,
    multiple: true,
    description: 'the order, as oms fraud list names it; several are possible',
    ignoreStdin: true,
    parse: async (text) => {
      if (UUID.test(text)) return text;
      throw new OmsError('usage', `expected the id of an order, got "${text}"`, { next: ['oms fraud list'] });
    },
  });

/** What a person says about a decision. */
export const reviewFlags = {
  note: Flags.string({ env: 'OMS_FRAUD_NOTE', summary: "why, for the order's record" }),
  by: Flags.string({ env: 'OMS_FRAUD_BY', summary: "who decides, for the order's record (default: staff)" }),
  url: producerUrlFlag(),
};
