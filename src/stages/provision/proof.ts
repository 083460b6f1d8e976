import { Compile } from 'typebox/compile';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { type CanaryReport, sendCanary } from './canary.ts';
import type { Environment, EnvironmentPaths } from './environment.ts';
import { Outputs } from './outputs.ts';
import { type ReadBack, readBack } from './read-back/read-back.ts';
import type { RunRecorder } from './report.ts';
import { ensureSasRules } from './sas-rules.ts';

/** What shows that what was applied is there and works. */
export interface Proof {
  outputs: Outputs;
  readBack: ReadBack;
  /** Undefined with --no-canary, and where the read-back found errors. */
  canary: CanaryReport | undefined;
}

export interface ProofOptions {
  canary: boolean;
  canaryTimeoutMs?: number | undefined;
  gateway?: string | undefined;
}

const outputs = Compile(Outputs);

/**
 * The outputs of the template, checked and kept beside the answers.
 * @throws {OmsError} not_provisioned where the state has none.
 */
export async function readOutputs(paths: EnvironmentPaths, context: Context): Promise<Outputs> {
  const found = await context.terraform.outputs({ folder: paths.terraform, signal: context.signal });
  if (outputs.Check(found)) {
    context.machine.writeJson(paths.outputs, found);
    return found;
  }
  throw new OmsError('not_provisioned', 'the state has no outputs of this template', {
    why: 'nothing was applied yet, or by another version of oms',
    next: ['oms provision --plan-only shows what is missing'],
  });
}

type Found = Partial<Proof>;

const steps = (
  environment: Environment,
  paths: EnvironmentPaths,
  options: ProofOptions,
  recorder: RunRecorder,
  context: Context,
): Step<Found>[] => [
  {
    title: 'reading the outputs',
    run: async (found) => {
      found.outputs = await readOutputs(paths, context);
      return undefined;
    },
  },
  {
    title: 'access rules per hub',
    run: async () => (await ensureSasRules(environment, context)).join(', ') || 'none: shared keys are off',
  },
  {
    title: 'reading back from Azure',
    run: async (found) => {
      found.readBack = await readBack(environment, found.outputs!, context);
      recorder.record({ readBack: found.readBack });
      return `${found.readBack.findings.length} settings, ${found.readBack.errors} wrong`;
    },
  },
  {
    title: 'sending a canary',
    run: async (found, report) => {
      if (!options.canary) return 'not sent (--no-canary)';
      if (found.readBack!.errors > 0) return 'not sent: what was read back is wrong';
      const { nameFormat } = found.readBack!;
      const { gateway, canaryTimeoutMs: archiveMs } = options;
      const call = { gateway, nameFormat, onProgress: report, ...(archiveMs !== undefined && { archiveMs }) };
      found.canary = await sendCanary(environment, found.outputs!, call, context);
      recorder.record({ canary: found.canary });
      return `back in ${Math.round(found.canary.roundTripMs)} ms, archived in ${found.canary.archive.file}`;
    },
  },
];

/**
 * Reads everything back from Azure, and sends one event through the hub into the archive.
 * @throws {OmsError} where Azure does not answer or the event does not arrive; what differs is in the result.
 */
export async function prove(
  environment: Environment,
  paths: EnvironmentPaths,
  options: ProofOptions,
  recorder: RunRecorder,
  context: Context,
): Promise<Proof> {
  const found: Found = {};
  const work = runSteps(context.terminal, found, steps(environment, paths, options, recorder, context));
  await work.catch((error: unknown) => {
    if (!context.signal.aborted) throw error;
    throw new OmsError('interrupted', 'interrupted; everything is applied, and not proven yet', {
      next: [`oms provision --env ${environment.name}   (reads back and sends another canary)`],
      cause: error,
    });
  });
  return { canary: undefined, ...found } as Proof;
}
