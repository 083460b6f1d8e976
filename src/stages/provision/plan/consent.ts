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
  /** What was called, without --env; "oms provision" unless it is another. */
  command?: string;
}

const UNCHANGED = 'nothing was changed in Azure';

const lossLine = ({ kind, name, loss }: ResourceSummary) => `${kind} ${name}: ${loss}`;

/** What is lost in one sentence, for a message. */
const lossesText = (losses: readonly ResourceSummary[]) =>
  losses.length === 1 ? lossLine(losses[0]!) : `${losses.length} resources lose what they hold`;

async function consentToLosses(
  losses: readonly ResourceSummary[],
  name: string,
  flagged: string,
  context: Pick<Context, 'terminal' | 'signal'>,
  asking: Asking,
): Promise<void> {
  const { terminal, signal } = context;
  if (terminal.interactive) {
    const lines = losses.map((loss) => `  ${lossLine(loss)}`);
    terminal.note(`\nThis is lost for ever:\n${lines.join('\n')}\n`);
  }
  const question = terminal.interactive ? `Type ${name} to go on:` : lossesText(losses);
  if (await confirmTyped(terminal, question, name, flagged, { signal, ...asking })) return;
  throw new OmsError('refused', `${name} was not typed, ${UNCHANGED}`, { next: [flagged] });
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
  const call = `${options.command ?? 'oms provision'} --env ${name}`;
  if (options.confirm !== undefined && options.confirm !== name) {
    throw new OmsError('refused', `--confirm names ${options.confirm}, this environment is ${name}; ${UNCHANGED}`, {
      next: [`${call} --confirm ${name}`],
    });
  }
  if (options.confirm === name) return;
  const losses = summary.resources.filter(({ loss }) => loss !== null);
  if (losses.length > 0) return consentToLosses(losses, name, `${call} --confirm ${name}`, context, asking);
  if (options.yes) return;
  const question = `Apply to ${name}: ${countsText(summary)}?`;
  const { terminal, signal } = context;
  if (await confirm(terminal, question, `${call} --yes`, { signal, ...asking })) return;
  throw new OmsError('refused', UNCHANGED, { next: [`${call} --yes`] });
}
