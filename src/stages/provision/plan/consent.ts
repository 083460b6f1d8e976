import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { type Asking, confirm, confirmTyped } from '../../../ui/confirm.ts';
import type { Environment } from '../environment.ts';
import { countsText } from './report.ts';
import type { PlanSummary, ResourceSummary } from './summary.ts';

export interface ConsentOptions {
  /** Answers a plan that loses nothing. */
  yes: boolean;
  /** The environment's name, typed beforehand: answers a plan that loses something too. */
  confirm?: string | undefined;
  /** The name has to be typed even where nothing is lost. */
  typed?: boolean;
  /** What was called, without --env, where it is short enough to be given back; "the same command" otherwise. */
  command?: string | undefined;
}

const NOT_APPLIED = 'the plan was not applied';

const lossLine = ({ kind, name, loss }: ResourceSummary) => `${kind} ${name}: ${loss}`;

/** What is lost in one sentence, for a message. */
function lossesText([first, ...others]: readonly ResourceSummary[]): string {
  if (first === undefined) return 'nothing that holds data is lost';
  return others.length === 0 ? lossLine(first) : `${others.length + 1} resources lose what they hold`;
}

async function consentToLosses(
  losses: readonly ResourceSummary[],
  name: string,
  flagged: string,
  context: Pick<Context, 'terminal' | 'signal'>,
  asking: Asking,
): Promise<void> {
  const { terminal, signal } = context;
  if (terminal.interactive && losses.length > 0) {
    const lines = losses.map((loss) => `  ${lossLine(loss)}`);
    terminal.note(`\nThis is lost for ever:\n${lines.join('\n')}\n`);
  }
  const question = terminal.interactive ? `Type ${name} to go on:` : lossesText(losses);
  if (await confirmTyped(terminal, question, name, flagged, { signal, ...asking })) return;
  throw new OmsError('refused', `${name} was not typed, ${NOT_APPLIED}`, { next: [flagged] });
}

/**
 * Returns when a person agrees to the plan, on a terminal or by a flag; at once where nothing would change.
 * A plan that loses data wants the environment's name typed (or --confirm NAME); --yes is not enough for it.
 * @param asking for tests: other streams than the terminal's.
 * @throws {OmsError} refused with the exact call to make, interrupted on Ctrl-C.
 */
export async function requireConsent(
  summary: PlanSummary,
  environment: Pick<Environment, 'name'>,
  options: ConsentOptions,
  context: Pick<Context, 'terminal' | 'signal'>,
  asking: Asking = {},
): Promise<void> {
  if (!summary.changes) return;
  const { name } = environment;
  const flagged = (flag: string) =>
    options.command === undefined ? `the same command with ${flag}` : `${options.command} --env ${name} ${flag}`;
  const named = flagged(`--confirm ${name}`);
  if (options.confirm !== undefined && options.confirm !== name) {
    throw new OmsError('refused', `--confirm names ${options.confirm}, this environment is ${name}; ${NOT_APPLIED}`, {
      next: [named],
    });
  }
  if (options.confirm === name) return;
  const losses = summary.resources.filter(({ loss }) => loss !== null);
  if (options.typed || losses.length > 0) return consentToLosses(losses, name, named, context, asking);
  if (options.yes) return;
  const question = `Apply to ${name}: ${countsText(summary)}?`;
  const { terminal, signal } = context;
  if (await confirm(terminal, question, flagged('--yes'), { signal, ...asking })) return;
  throw new OmsError('refused', NOT_APPLIED, { next: [flagged('--yes')] });
}
