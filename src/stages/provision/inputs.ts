import { parseEmail, parsePath } from '../../config/azure-values.ts';
import type { EnvironmentOptions } from '../../config/provision-options.ts';
import { parseRate } from '../../config/workload-flags.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { createPrompts, type Prompts } from '../../ui/ask.ts';
import { composeEnvironment, type Known } from './compose-environment.ts';
import type { Environment } from './environment.ts';
import { refuseChanges } from './fixed.ts';
import type { Account } from './preflight/account.ts';
import { REGION_NAMES, redundancyProblem, regionProblem } from './regions.ts';
import { readEnvironment } from './saved-environment.ts';

/** What is known while some of it may still be missing. */
type Inputs = { [Name in keyof Known]?: Known[Name] | undefined };

/** Where a plan is drawn up for when nobody says; nothing is made there. */
export const PLANNING_REGION = 'westeurope';

/** How the apps get in has been said, or was settled before. */
const hasEntry = (options: EnvironmentOptions, saved: Environment | undefined): boolean =>
  options.certificate !== undefined ||
  (options.principal ?? saved?.applicationObjectId ?? null) !== null ||
  (options.sasFallback ?? saved?.sasFallback ?? false);

/** Whose account it is cannot be asked for: az has to be signed in. */
const missingAccount = ({ subscriptionId, tenantId }: Inputs): string[] => [
  ...(subscriptionId === undefined ? ['--subscription ID (or az login)'] : []),
  ...(tenantId === undefined ? ['--tenant ID (or az login)'] : []),
];

/** Every other input that is needed and was not given, with its flag. */
const missingAnswers = ({ region, rate }: Inputs, options: EnvironmentOptions, saved?: Environment): string[] => [
  ...(region === undefined ? ['--region NAME'] : []),
  ...(rate === undefined ? ['--rate ORDERS-A-SECOND'] : []),
  ...(options.planOnly || hasEntry(options, saved)
    ? []
    : ['--certificate FILE (or --principal ID, or --sas-fallback)']),
];

function refuseMissing(missing: readonly string[], { env, planOnly }: EnvironmentOptions, mayAsk: boolean): void {
  if (missing.length === 0) return;
  const rest = planOnly ? '--plan-only' : '--certificate oms.pem';
  throw new OmsError('usage', `missing: ${missing.join(', ')}`, {
    why: mayAsk
      ? 'az says neither'
      : 'nobody can be asked here: there is no terminal, or --no-input, --no-prompt or --json says not to ask',
    next: [`oms provision --env ${env} --region westeurope --rate 5000 ${rest}`],
  });
}

/** A parser that throws, as a question wants it. */
const validated = (parse: (answer: string) => unknown) => (answer: string) => {
  try {
    parse(answer.trim());
    return true;
  } catch (error) {
    return messageOf(error);
  }
};

const emailsOf = (answer: string): string[] =>
  answer
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(parseEmail);

/** Where the archive can have its second copy. */
const regionsFor = ({ archiveRedundancy = 'RAGRS' }: EnvironmentOptions): string[] =>
  REGION_NAMES.filter((region) => redundancyProblem(region, archiveRedundancy) === undefined);

async function askRest(known: Inputs, options: EnvironmentOptions, prompts: Prompts): Promise<Inputs> {
  const question = { message: 'Region (it can never be changed)', choices: regionsFor(options) };
  const region = known.region ?? (await prompts.choice(question));
  const rate =
    known.rate ??
    parseRate(await prompts.text({ message: 'Orders a second at the peak', validate: validated(parseRate) }));
  const message = 'Mail addresses for alerts (commas between, empty: none)';
  const alertEmails = known.alertEmails ?? emailsOf(await prompts.text({ message, validate: validated(emailsOf) }));
  return { ...known, region, rate, alertEmails };
}

/** What was saved is final in where it is; elsewhere flags come first, and what az says last. */
const knownInputs = (
  options: EnvironmentOptions,
  saved: Environment | undefined,
  account: Pick<Account, 'subscriptionId' | 'tenantId'> | undefined,
): Inputs => ({
  subscriptionId: saved?.subscriptionId ?? options.subscription ?? account?.subscriptionId,
  tenantId: saved?.tenantId ?? options.tenant ?? account?.tenantId,
  region: saved?.region ?? options.region,
  rate: options.rate ?? saved?.workload.rate,
  alertEmails: options.alertEmails ?? saved?.alertEmails,
});

function planSomewhere(known: Inputs, options: EnvironmentOptions, context: Context): Inputs {
  if (known.region !== undefined || !options.planOnly) return known;
  context.terminal.note(`planned for ${PLANNING_REGION}: --region says where`);
  return { ...known, region: PLANNING_REGION };
}

/**
 * What an environment is made of: flags, then what was saved of it, then answers on a terminal. Nothing is written;
 * the caller saves it before anything is made, and not for a plan alone, for what was saved is final.
 * @param account what az says; takes the place of --subscription and --tenant.
 * @throws {OmsError} usage naming everything that is missing or does not fit; refused for what can never change, and
 * where the tier cannot hold the load; input_file when what was saved is damaged.
 */
export async function resolveEnvironment(
  options: EnvironmentOptions,
  context: Context,
  account?: Pick<Account, 'subscriptionId' | 'tenantId'>,
  prompts: Prompts = createPrompts(),
): Promise<Environment> {
  const saved = await readEnvironment(context.settings.dir, options.env);
  if (saved) refuseChanges(saved, options);
  const said = knownInputs(options, saved, account);
  const wrong = said.region === undefined ? undefined : regionProblem('--region', said.region);
  if (wrong) throw wrong;
  const { interactive } = context.terminal;
  const planned = interactive ? said : planSomewhere(said, options, context);
  // On a terminal the certificate is asked for by resolveCertificate, once everything else is settled.
  const missing = [...missingAccount(said), ...(interactive ? [] : missingAnswers(planned, options, saved))];
  refuseMissing(missing, options, interactive);
  const known = interactive ? await askRest(said, options, prompts) : planned;
  return composeEnvironment(known as Known, options, saved);
}

/**
 * The certificate that the apps will sign in with: of the flag, or asked for on a terminal when nothing else lets them
 * in. Whether it can be read is for the preflight to say.
 * @returns undefined when they get in otherwise, or not yet.
 */
export async function resolveCertificate(
  options: EnvironmentOptions,
  environment: Environment,
  context: Context,
  prompts: Prompts = createPrompts(),
): Promise<string | undefined> {
  if (options.planOnly || hasEntry(options, environment) || !context.terminal.interactive) return options.certificate;
  const message = 'Certificate (PEM) the apps sign in with (empty: none yet)';
  const check = (answer: string) => answer === '' || parsePath(answer, './oms.pem');
  const answer = await prompts.text({ message, validate: validated(check) });
  return answer === '' ? undefined : answer;
}
