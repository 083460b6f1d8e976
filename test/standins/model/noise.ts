import type { WirePlan } from '../../../lib/query/assistant/wire-plan.ts';
import type { ModelReply } from './exchange.ts';

type Plan = WirePlan & Record<string, unknown>;
type Fault = (plan: Plan) => ModelReply;

const submit = (plan: object): ModelReply => ({ call: 'submit_plan', arguments: plan });
const changed =
  (part: (plan: Plan) => object): Fault =>
  (plan) =>
    submit({ ...plan, ...part(plan) });
const WEEK = 7 * 86_400_000;
const moved = (at: string) => new Date(Date.parse(at) - WEEK).toISOString();

/** Out of form: what a schema or the semantic model catches. */
const VISIBLE: Record<string, Fault> = {
  'a name with a slip': changed(({ metrics }) => ({ metrics: [`${metrics[0]!.slice(0, -1)}x`] })),
  'a made-up metric': changed(() => ({ metrics: ['happiness'] })),
  'a made-up dimension': changed(() => ({ dimensions: ['planet'] })),
  'no metric': ({ metrics: _, ...rest }) => submit(rest),
  'no window': ({ window: _, ...rest }) => submit(rest),
  'a part too many': changed(() => ({ confidence: 0.98 })),
  'a limit in words': changed(() => ({ limit: 'ten' })),
  'a value nobody stored': changed(({ filters }) => ({
    filters: [...filters, { field: 'city', op: '=', value: 'Atlantis' }],
  })),
  'a window to come': changed(() => ({ window: { start: '2031-01-01T00:00:00Z', end: '2031-02-01T00:00:00Z' } })),
  'a window backwards': changed(({ window }) => ({ window: { start: window.end, end: window.start ?? window.end } })),
  'times without a zone': changed(() => ({ window: { start: '2026-11-01', end: '2026-11-08' } })),
  'an order by nothing': changed(() => ({ order: { by: 'share', dir: 'desc' }, transform: 'none' })),
  'a comparison with nothing': changed(() => ({ transform: 'compare', compare: null })),
  'half an object': (plan) => ({ broken: JSON.stringify(plan).slice(0, 80) }),
  'talk instead of a call': () => ({ say: 'Sure! I would look at the orders table for that.' }),
  'a tool that is not there': () => ({ call: 'execute', arguments: { sql: 'SELECT 1' } }),
};

/** In form, and wrong: only another reading catches it. */
const PLAUSIBLE: Record<string, Fault> = {
  'another metric': changed(({ metrics }) => ({
    metrics: [metrics[0] === 'orders_count' ? 'customers_count' : 'orders_count'],
    order: null,
    having: [],
    transform: 'none',
    compare: null,
    filters: [],
    cohort: null,
    allMembers: false,
    dimensions: [],
    limit: null,
  })),
  'a week too early': changed(({ window: { start, end } }) => ({
    window: { start: start && moved(start), end: moved(end) },
  })),
  'all time instead': changed(({ window: { start, end } }) => ({ window: { start: start ? null : moved(end), end } })),
  'one row too few': changed(({ limit, dimensions }) =>
    dimensions.length > 0 ? { limit: (limit ?? 8) + 1 } : { window: { start: null, end: '2026-11-02T00:00:00.000Z' } },
  ),
  'a filter too many': changed(({ filters }) => ({ filters: [...filters, { field: 'city', op: '=', value: 'Oslo' }] })),
};

const FAULTS = Object.entries({ ...VISIBLE, ...PLAUSIBLE });
export const FAULT_NAMES = FAULTS.map(([name]) => name);

/** The same plan with a fault of the list. */
export const withFault = (plan: WirePlan, index: number): ModelReply => FAULTS[index % FAULTS.length]![1](plan as Plan);
