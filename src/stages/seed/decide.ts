import { OmsError } from '../../errors.ts';
import {
  type CatalogueSettings,
  catalogueSettings,
  describeDifference,
  isSamePart,
  type OrderSettings,
  orderSettings,
  type SeedRequest,
} from './options.ts';
import type { DatabaseState, Part, SeedRun } from './state.ts';

/** What this run has to do. */
export interface SeedPlan {
  catalogue: 'import' | 'generate' | 'keep';
  history: 'start' | 'resume' | 'keep' | 'none';
  catalogueSettings: CatalogueSettings;
  orderSettings: OrderSettings;
}

const callOf = ({ environment }: SeedRequest) =>
  environment === undefined ? 'oms seed' : `oms seed --env ${environment}`;

/** The tables of a site are never emptied. */
const startAnew = ({ environment }: SeedRequest): string[] =>
  environment === undefined ? ['oms seed --reset   (empties the tables first, asks before it does)'] : [];

function refuseOther(request: SeedRequest, part: Part, asked: object, run: SeedRun): never {
  const difference = describeDifference(asked, run.settings);
  const unfinished = run.isFinished ? '' : ', not finished';
  throw new OmsError('refused', `another seeded ${part} is in the database`, {
    why: `there: ${difference.there}${unfinished}; asked for: ${difference.asked}`,
    next: [
      `${callOf(request)} with the values that are there${run.isFinished ? '' : ', to finish it'}`,
      ...startAnew(request),
    ],
  });
}

function decideCatalogue(request: SeedRequest, state: DatabaseState, asked: CatalogueSettings): SeedPlan['catalogue'] {
  if (request.catalogueFile) return 'import';
  const run = state.runs.catalogue;
  if (run) return isSamePart(asked, run.settings) ? 'keep' : refuseOther(request, 'catalogue', asked, run);
  if (!state.hasProducts) return 'generate';
  throw new OmsError('refused', 'the database holds a catalogue that oms seed has not invented', {
    why: 'an invented one next to it would mix what is real with what is not',
    next: [
      `${callOf(request)} --catalogue FILE.csv --orders N   (a history on your own catalogue)`,
      ...startAnew(request),
    ],
  });
}

function decideHistory(request: SeedRequest, state: DatabaseState, asked: OrderSettings): SeedPlan['history'] {
  if (asked.orders === 0 && asked.customers === 0) return 'none';
  const run = state.runs.history;
  if (run && !isSamePart(asked, run.settings)) return refuseOther(request, 'history', asked, run);
  if (run) return run.isFinished ? 'keep' : 'resume';
  if (!state.hasOrders && !state.hasCustomers) return 'start';
  throw new OmsError('refused', `the database holds ${state.hasOrders ? 'orders' : 'customers'} already`, {
    why: 'an invented history would mix with what was really ordered',
    next: [`${callOf(request)} --orders 0 --customers 0   (the catalogue only)`, ...startAnew(request)],
  });
}

/**
 * Decides before anything is written: what is there already is kept, what is missing is added.
 * @throws {OmsError} refused, when what is there and what is asked for do not fit together
 */
export function decide(request: SeedRequest, state: DatabaseState): SeedPlan {
  const catalogue = catalogueSettings(request);
  const orders = orderSettings(request);
  return {
    catalogue: decideCatalogue(request, state, catalogue),
    history: decideHistory(request, state, orders),
    catalogueSettings: catalogue,
    orderSettings: orders,
  };
}
