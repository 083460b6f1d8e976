import { setTimeout as delay } from 'node:timers/promises';
import { OmsError } from '../../../errors.ts';
import type { Maintenance } from '../../../render/traefik.ts';
import type { StepArea } from '../../../ui/steps.ts';
import type { Colour } from '../services.ts';
import type { Site } from '../site.ts';
import { type Counts, decide, type Limits, type Observation } from './decide.ts';
import { type ProxyFigures, readProxyFigures } from './proxy-metrics.ts';
import { stepLines } from './view.ts';
import { type RouteContext, webTargets, writeRoutes } from './write-routes.ts';

export interface ShiftOptions {
  site: Site;
  /** Colour that has the requests; null on a first deployment. */
  from: Colour | null;
  to: Colour;
  /** Per cent for the new colour, rising; what is not 100 in the end is completed. */
  steps: readonly number[];
  /** How long each step lasts at least. */
  seconds: number;
  /** Share of 5xx the new colour may answer with, such as 0.01. */
  budget: number;
  /** Requests of the new colour a step waits for; 20 where nothing is said. */
  minRequests?: number;
  /** How long a step waits for them at most; three times `seconds`, at least 30 s, where nothing is said. */
  deadlineSeconds?: number;
  /** What stays closed during it. */
  maintenance?: Maintenance | null;
}

/** How one step went. */
export interface StepReport {
  percent: number;
  seconds: number;
  /** Fewer requests than wanted came. */
  quiet: boolean;
  next: Counts;
  current: Counts;
}

export interface ShiftReport {
  from: Colour | null;
  to: Colour;
  /** `given-back`: the colour that ran before has all requests again. */
  outcome: 'shifted' | 'given-back' | 'unchanged';
  /** Why it was given back. */
  reason: 'error-budget' | 'unhealthy' | null;
  steps: StepReport[];
}

export interface ShiftContext extends RouteContext {
  report?: (line: string) => void;
  area?: StepArea;
}

const LOOK_MS = 1_000;
const GIVE_BACK_MS = 60_000;
const MIN_REQUESTS = 20;

const limitsOf = (options: ShiftOptions): Limits => ({
  ...{ seconds: options.seconds, budget: options.budget },
  minRequests: options.minRequests ?? MIN_REQUESTS,
  deadlineSeconds: Math.max(options.seconds, options.deadlineSeconds ?? Math.max(30, 3 * options.seconds)),
});

/** Rising, between 1 and 100, and complete. */
function percentsOf(steps: readonly number[]): number[] {
  const sorted = [...new Set([...steps, 100])].filter((percent) => percent > 0 && percent <= 100);
  return sorted.sort((one, other) => one - other);
}

const weightsOf = ({ from, to }: ShiftOptions, percent: number): Record<Colour, number> => {
  const weights = { a: 0, b: 0 };
  if (from !== null) weights[from] = 100 - percent;
  weights[to] = percent;
  return weights;
};

const setWeights = (options: ShiftOptions, percent: number, context: ShiftContext): Promise<void> =>
  writeRoutes(
    options.site,
    {
      weights: weightsOf(options, percent),
      colours: options.from === null ? [options.to] : [options.from, options.to],
      maintenance: options.maintenance ?? null,
      proxyRuns: options.from !== null,
    },
    context,
  );

/** Of all proxies of the site. */
const readAll = ({ site }: ShiftOptions, context: ShiftContext): Promise<ProxyFigures[]> =>
  Promise.all(webTargets(site, context).map(({ target }) => readProxyFigures(target, context)));

/** With what came between two looks; a proxy that was started anew in between counts from nothing. */
function added(sum: Counts, now: readonly ProxyFigures[], before: readonly ProxyFigures[], colour: Colour): Counts {
  const growth = now.map((figures, index) => {
    const [then, current] = [before[index]!.counts[colour], figures.counts[colour]];
    const anew = current.requests < then.requests || current.failed < then.failed;
    const { requests, failed } = anew ? { requests: 0, failed: 0 } : then;
    return { requests: current.requests - requests, failed: current.failed - failed };
  });
  return growth.reduce((all, { requests, failed }) => {
    return { requests: all.requests + requests, failed: all.failed + failed };
  }, sum);
}

/** Looks in a row that may come to nothing: a busy server answers the next one. */
const MISSES = 2;

/** A look at all proxies; undefined for one that failed and may fail. */
async function look(options: ShiftOptions, missed: number, context: ShiftContext): Promise<ProxyFigures[] | undefined> {
  try {
    return await readAll(options, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (missed >= MISSES || !(error instanceof OmsError)) throw error;
    return undefined;
  }
}

/** Watches one step until it is decided. */
async function watchStep(options: ShiftOptions, percent: number, done: readonly StepReport[], context: ShiftContext) {
  const { from, to } = options;
  const limits = limitsOf(options);
  let before = await readAll(options, context);
  const begun = performance.now();
  let missed = 0;
  const seen: Observation = {
    ...{ elapsedSeconds: 0, unhealthyLooks: 0 },
    next: { requests: 0, failed: 0 },
    current: { requests: 0, failed: 0 },
  };
  for (;;) {
    await delay(Math.min(LOOK_MS, options.seconds * 1_000), undefined, { signal: context.signal });
    const now = await look(options, missed, context);
    missed = now ? 0 : missed + 1;
    if (!now) continue;
    seen.elapsedSeconds = (performance.now() - begun) / 1_000;
    seen.next = added(seen.next, now, before, to);
    seen.current = added(seen.current, now, before, from!);
    before = now;
    seen.unhealthyLooks = now.some(({ away }) => away[to] > 0) ? seen.unhealthyLooks + 1 : 0;
    const decision = decide(seen, limits);
    const quiet = decision.kind === 'advance' && decision.quiet;
    const seconds = Math.round(seen.elapsedSeconds * 10) / 10;
    const step: StepReport = { percent, seconds, quiet, next: seen.next, current: seen.current };
    context.area?.draw(stepLines([...done, step], to));
    if (decision.kind !== 'wait') return { decision, step };
  }
}

/** Also after a Ctrl-C: customers are not left with half a release. */
async function giveBack(options: ShiftOptions, context: ShiftContext): Promise<void> {
  context.report?.(`requests go back to producer-${options.from}`);
  await setWeights(options, 0, { ...context, signal: AbortSignal.timeout(GIVE_BACK_MS) });
}

async function shiftSteps(options: ShiftOptions, context: ShiftContext): Promise<ShiftReport> {
  const { from, to } = options;
  const steps: StepReport[] = [];
  for (const percent of percentsOf(options.steps)) {
    await setWeights(options, percent, context);
    const { decision, step } = await watchStep(options, percent, steps, context);
    steps.push(step);
    if (decision.kind === 'stop') {
      await giveBack(options, context);
      return { from, to, outcome: 'given-back', reason: decision.reason, steps };
    }
    if (!context.area?.moving) context.report?.(stepLines([step], to)[0]!);
  }
  return { from, to, outcome: 'shifted', reason: null, steps };
}

/**
 * Gives the new colour its requests step by step and watches how it answers. Burns it the error budget, or does one of
 * its servers go away, the old colour gets all of them back. Both colours stay listed: `writeRoutes` with the new one
 * alone is for when the old one is gone.
 * @throws {OmsError} host_unreachable; deploy_failed when a proxy does not take its routes; the reason of the signal.
 * Requests have been given back by then, where a proxy could still be reached.
 */
export async function shiftTraffic(options: ShiftOptions, context: ShiftContext): Promise<ShiftReport> {
  const { from, to } = options;
  if (from === null || from === to) {
    await setWeights({ ...options, from: from === to ? null : from }, 100, context);
    return { from, to, outcome: from === to ? 'unchanged' : 'shifted', reason: null, steps: [] };
  }
  try {
    return await shiftSteps(options, context);
  } catch (error) {
    await giveBack(options, context).catch(() => undefined);
    throw error;
  }
}
