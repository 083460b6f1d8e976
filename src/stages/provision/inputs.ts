import { parseEmail, parsePath, parseRange } from '../../config/azure-values.ts';
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

/** A namespace that lets nobody in would fail half-way: neither its secrets could be written nor its canary sent. */
const isReachable = (options: EnvironmentOptions, saved?: Environment): boolean =>
  (options.allowedRanges ?? saved?.allowedRanges ?? []).length > 0 ||
  (options.privateEndpointSubnetId ?? saved?.privateEndpointSubnetId ?? null) !== null;

/** Every other input that is needed and was not given, with its flag. */
const missingAnswers = ({ region, rate }: Inputs, options: EnvironmentOptions, saved?: Environment): string[] => [
  ...(region === undefined ? ['--region NAME'] : []),
  ...(rate === undefined ? ['--rate ORDERS-A-SECOND'] : []),
  ...(options.planOnly || isReachable(options, saved) ? [] : ['--allow-ip CIDR (or --private-endpoint-subnet ID)']),
  ...(options.planOnly || hasEntry(options, saved)
    ? []
    : ['--certificate FILE (or --principal ID, or --sas-fallback)']),
];

function refuseMissing(missing: readonly string[], { env, planOnly }: EnvironmentOptions, mayAsk: boolean): void {
  if (missing.length === 0) return;
  const rest = planOnly ? '--plan-only' : '--allow-ip 203.0.113.0/24 --certificate oms.pem';
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

const partsOf = (answer: string): string[] => answer.split(/[\s,;]+/).filter(Boolean);

const emailsOf = (answer: string): string[] => partsOf(answer).map((address) => parseEmail(address));

function rangesOf(answer: string): string[] {
  const ranges = partsOf(answer).map(parseRange);
  if (ranges.length > 0) return ranges;
  throw new OmsError(
    'usage',
    'without an address nobody reaches the namespace; --private-endpoint-subnet is the other way in',
  );
}

/** Where the archive can have its second copy. */
const regionsFor = ({ archiveRedundancy = 'RAGRS' }: EnvironmentOptions): string[] =>
  REGION_NAMES.filter((region) => redundancyProblem(region, archiveRedundancy) === undefined);

async function askRanges(prompts: Prompts): Promise<string[]> {
  const message = 'Public IPv4 addresses or ranges of your servers and of this machine (commas between)';
  return rangesOf(await prompts.text({ message, validate: validated(rangesOf) }));
}

async function askEmails(prompts: Prompts): Promise<string[]> {
  const message = 'Mail addresses for alerts (commas between, empty: none)';
  return emailsOf(await prompts.text({ message, validate: validated(emailsOf) }));
}

/** A plan alone asks for nothing that it can be drawn up without. */
async function askRest(
  known: Inputs,
  options: EnvironmentOptions,
  prompts: Prompts,
  saved?: Environment,
): Promise<Inputs> {
  const question = { message: 'Region (it can never be changed)', choices: regionsFor(options) };
  const region = known.region ?? (await prompts.choice(question));
  const rate =
    known.rate ??
    parseRate(await prompts.text({ message: 'Orders a second at the peak', validate: validated(parseRate) }));
  if (options.planOnly) return { ...known, region, rate };
  const allowedRanges = isReachable(options, saved) ? known.allowedRanges : await askRanges(prompts);
  const alertEmails = known.alertEmails ?? (await askEmails(prompts));
  return { ...known, region, rate, allowedRanges, alertEmails };
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
  allowedRanges: options.allowedRanges ?? saved?.allowedRanges,
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
  const known = interactive ? await askRest(said, options, prompts, saved) : planned;
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
