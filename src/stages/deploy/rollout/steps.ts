import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { formatCount } from '../../../ui/format.ts';
import type { Step } from '../../../ui/steps.ts';
import { localPaths } from '../../local/paths.ts';
import { meantHosts } from '../only.ts';
import { PhaseFailed, runPhase } from '../phases.ts';
import type { Colour } from '../services.ts';
import { type ShiftReport, shiftTraffic } from '../shift/shift.ts';
import { shiftTotals } from '../shift/view.ts';
import { writeRoutes } from '../shift/write-routes.ts';
import { sitePaths } from '../site.ts';
import type { Playbook } from '../variables.ts';
import type { Attempt, RolloutCall } from './attempt.ts';
import { leaveWord } from './word.ts';

/** One playbook as a step; what it did is in the run's report, also when it failed. */
export function phaseStep(playbook: Playbook, title: string, context: Context): Step<Attempt> {
  return {
    title,
    run: async ({ site, options, recorder }, report, area) => {
      const paths = sitePaths(context.settings.dir, site.name);
      const limit = meantHosts(site, options.only);
      const call = { playbook, site: site.name, paths, report, area, ...(limit && { limit }) };
      const phase = await runPhase(call, context).catch((error: unknown) => {
        if (error instanceof PhaseFailed) recorder.addPhase(error.phase);
        throw error;
      });
      recorder.addPhase(phase);
      return phase.changed === 0 ? 'nothing to change' : `${phase.changed} changed`;
    },
  };
}

/** A phase that a failure has to be taken back from; the base role changes nothing that a release is made of. */
function releaseStep(playbook: 'prepare' | 'finish', title: string, context: Context): Step<Attempt> {
  const step = phaseStep(playbook, title, context);
  return {
    title,
    run: async (attempt, report, area) => {
      await leaveWord(attempt, playbook, context);
      attempt.stage = 'begun';
      const detail = await step.run(attempt, report, area);
      if (playbook === 'finish') attempt.stage = 'concluded';
      return detail;
    },
  };
}

/** Whether customers' requests have to go from one order API to another. */
function movesCustomers({ plan }: RolloutCall): { from: Colour; to: Colour } | undefined {
  const producer = plan.services.find(({ service }) => service === 'producer');
  const { from, to } = producer?.colours ?? {};
  return from && to && from !== to ? { from: from as Colour, to: to as Colour } : undefined;
}

const REASONS = {
  'error-budget': 'it answered more requests with 5xx than the error budget allows',
  unhealthy: 'one of its servers stopped being healthy',
} as const;

function givenBack({ steps, to, reason }: ShiftReport): OmsError {
  const percent = steps.at(-1)?.percent ?? 0;
  return new OmsError('deploy_failed', `the new release did not hold ${percent} % of the customers`, {
    why: reason ? REASONS[reason] : 'its requests were given back',
    next: [`look at producer-${to} in the logs`],
  });
}

function shiftStep(context: Context): Step<Attempt> {
  return {
    title: 'moving customers over to the new release',
    run: async (attempt, report, area) => {
      const { site, options, recorder, maintenance } = attempt;
      const move = movesCustomers(attempt);
      if (!move) return 'nobody has to move';
      await leaveWord(attempt, 'shift', context);
      const { shift: steps, shiftSeconds: seconds, errorBudget: budget } = options;
      const call = { site, ...move, steps, seconds, budget, deadlineSeconds: seconds, maintenance };
      attempt.shift = await shiftTraffic(call, { ...context, report, ...(area && { area }) });
      recorder.record({ shift: attempt.shift });
      if (attempt.shift.outcome === 'given-back') throw givenBack(attempt.shift);
      const { requests } = shiftTotals(attempt.shift);
      return `${formatCount(requests)} requests watched`;
    },
  };
}

/** The proxy asks after the order APIs of before as long as they are in its routes. */
const settleStep = (context: Context): Step<Attempt> => ({
  title: 'leaving the proxy with what runs',
  run: async ({ site, plan, maintenance }) => {
    const { producer } = plan.colours;
    const weights = { a: producer === 'a' ? 1 : 0, b: producer === 'b' ? 1 : 0 };
    await writeRoutes(site, { weights, colours: [producer], maintenance, proxyRuns: true }, context);
    return undefined;
  },
});

/** What a deployment does once its files are laid down, in this order. */
export const stepsOf = ({ options }: RolloutCall, context: Context): Step<Attempt>[] => [
  {
    title: 'getting Ansible ready',
    run: async (_, report) => {
      await context.ansible.provide(localPaths(context.settings.dir).cacheDir, report);
      return context.ansible.version();
    },
  },
  ...(options.skipBase ? [] : [phaseStep('base', 'preparing servers: Docker, firewall, folders', context)]),
  releaseStep('prepare', 'bringing the release up beside the one that runs', context),
  shiftStep(context),
  releaseStep('finish', 'renewing consumers, pages and web servers', context),
  settleStep(context),
];
