import type { Context } from '../../../context.ts';
import { messageOf, OmsError } from '../../../errors.ts';
import { runSteps } from '../../../ui/steps.ts';
import type { Attempt } from './attempt.ts';
import { phaseStep } from './steps.ts';
import { takeWordBack } from './word.ts';

const detailsOf = (cause: unknown) => {
  const { why, next = [], original } = cause instanceof OmsError ? cause : ({} as Partial<OmsError>);
  return { why, next, ...(original && { original }) };
};

const codeOf = ({ signal }: Context) => (signal.aborted ? 'interrupted' : 'deploy_failed');

/** It failed, and the servers are left where it stopped. */
function leftAsItIs({ site, plan }: Attempt, cause: unknown, context: Context): OmsError {
  const { why, next, ...rest } = detailsOf(cause);
  const back = plan.running === null ? [] : [`oms rollback --env ${site.name} --to ${plan.running}`];
  return new OmsError(codeOf(context), `${messageOf(cause)}; what it had begun is left for a look`, {
    ...(why && { why }),
    ...{ next: [...next, `oms deploy --env ${site.name}`, ...back], ...rest, cause },
  });
}

/** Everything that counts runs; a proxy still lists what has gone, which it knows to be away. */
function concluded({ site, plan }: Attempt, cause: unknown, context: Context): OmsError {
  const { why, next, ...rest } = detailsOf(cause);
  return new OmsError(
    codeOf(context),
    `release ${plan.release} runs, but its end was not reached: ${messageOf(cause)}`,
    {
      ...(why && { why }),
      ...{ next: [`oms deploy --env ${site.name}`, ...next], ...rest, cause },
    },
  );
}

/** A Ctrl-C does not stop the way back. */
async function goBack(attempt: Attempt, cause: unknown, context: Context): Promise<OmsError> {
  const { site, plan, recorder } = attempt;
  const { why, next, ...rest } = detailsOf(cause);
  const calm: Context = { ...context, signal: new AbortController().signal };
  const title = plan.running ? `going back to ${plan.running}` : 'stopping what it had started';
  try {
    await runSteps(context.terminal, attempt, [phaseStep('rollback', title, calm)]);
  } catch (error) {
    return new OmsError('deploy_failed', `${messageOf(cause)}, and going back failed as well`, {
      why: [why, messageOf(error)].filter(Boolean).join('; '),
      next: [`oms status --env ${site.name}`, `oms deploy --env ${site.name}`],
      cause: error,
    });
  }
  await takeWordBack(attempt, calm);
  recorder.record({ outcome: 'rolled-back' });
  const end = plan.running ? `release ${plan.running} runs as before` : 'what it had started is stopped again';
  return new OmsError(codeOf(context), `${messageOf(cause)}; ${end}`, {
    why: why ?? messageOf(cause),
    ...{ next: [`oms logs --env ${site.name} --since 10m`, ...next, recorder.file], ...rest, cause },
  });
}

/**
 * What becomes of a run that failed or was interrupted: nothing to take back, taken back, left for a look, or too late.
 * @returns the error that says so.
 */
export async function endOfFailed(attempt: Attempt, cause: unknown, context: Context): Promise<unknown> {
  if (attempt.stage === 'untouched') return cause;
  if (attempt.stage === 'concluded') return concluded(attempt, cause, context);
  if (attempt.options.rollback) return goBack(attempt, cause, context);
  return leftAsItIs(attempt, cause, context);
}
