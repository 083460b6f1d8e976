import { createHash } from 'node:crypto';
import { environmentNameProblem } from '../../config/azure-values.ts';
import type { ResourceNames, StateStore } from './environment.ts';

interface Rule {
  pattern: RegExp;
  /** What the pattern says, for people. */
  text: string;
  /** What the pattern cannot say. */
  never?: RegExp;
}

const storageAccount: Rule = { pattern: /^[a-z0-9]{3,24}$/, text: '3 to 24 lower-case letters and digits' };

/**
 * What Azure lets names be. Sources: the namespace from the model of @azure/arm-eventhub and from Microsoft's "Naming
 * rules and restrictions for Azure resources", as all others.
 */
const RULES = {
  resourceGroup: {
    pattern: /^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/,
    text: '1 to 90 letters, digits, _ ( ) - and ., not ending in .',
    never: /^-/,
  },
  namespace: {
    pattern: /^(?=.{6,50}$)[a-zA-Z][a-zA-Z0-9-]{6,50}[a-zA-Z0-9]$/,
    text: '8 to 50 letters, digits and hyphens, a letter first, no hyphen last, not ending in -sb or -mgmt',
    never: /-(?:sb|mgmt)$/i,
  },
  archiveAccount: storageAccount,
  filesAccount: storageAccount,
  stateAccount: storageAccount,
  keyVault: {
    pattern: /^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
    text: '3 to 24 letters, digits and hyphens, a letter first, no hyphen last, no two in a row',
    never: /--/,
  },
  logWorkspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    text: '4 to 63 letters, digits and hyphens, no hyphen first or last',
  },
  captureIdentity: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    text: '3 to 128 letters, digits, hyphens and underscores, a letter or digit first',
  },
  application: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,119}$/,
    text: '1 to 120 letters, digits, blanks, dots, hyphens and underscores',
  },
} as const satisfies Record<string, Rule>;
export type NameKind = keyof typeof RULES;

/** Words that Azure keeps for itself in names that become addresses. */
const RESERVED = /microsoft|windows|^(?:login|xbox)/i;

/** Why a resource cannot be called so; undefined when it can. */
export function checkName(kind: NameKind, text: string): string | undefined {
  const { pattern, text: rule, never }: Rule = RULES[kind];
  if (!pattern.test(text) || never?.test(text)) return `expected ${rule}`;
  return RESERVED.test(text) ? 'Azure reserves microsoft, windows, login and xbox in names' : undefined;
}

const SUFFIX_LENGTH = 6;

/**
 * So many base36 characters that the same texts always give. The first is a digit, so that no word Azure reserves can
 * arise where a name and its suffix meet.
 */
function stableSuffix(length: number, ...of: readonly string[]): string {
  const value = createHash('sha256').update(of.join('/').toLowerCase()).digest().readBigUInt64BE();
  const rest = (value / 10n).toString(36).padStart(13, '0');
  return `${value % 10n}${rest.slice(1 - length)}`;
}

/** Letters and digits alone, no more than `most`; the suffix tells apart what this makes alike. */
const compact = (name: string, most: number): string => name.replaceAll('-', '').slice(0, most);

const withoutHyphenAtEnd = (name: string): string => name.replace(/-+$/, '');

/**
 * The names of an environment: the same subscription and name always give the same, so that a lost environment.json
 * can be made again.
 * @param environment a legal name, see {@link environmentNameProblem}.
 */
export function resourceNames(environment: string, subscriptionId: string): ResourceNames {
  const suffix = stableSuffix(SUFFIX_LENGTH, subscriptionId, environment);
  const name = withoutHyphenAtEnd(environment);
  return {
    resourceGroup: `rg-oms-${environment}`,
    namespace: `evhns-oms-${environment}-${suffix}`,
    archiveAccount: `omsarc${compact(environment, 12)}${suffix}`,
    filesAccount: `omsfil${compact(environment, 12)}${suffix}`,
    keyVault: `kv-oms-${compact(environment, 10)}-${suffix}`,
    logWorkspace: `log-oms-${name}`,
    captureIdentity: `id-oms-${name}-capture`,
    application: `oms-${environment}-apps-${suffix}`,
  };
}

/** Where the state of a subscription's environments is kept: one account, a file for each of them. */
export const stateStore = (environment: string, subscriptionId: string): StateStore => ({
  kind: 'azure',
  resourceGroup: 'rg-oms-state',
  account: `omsstate${stableSuffix(8, subscriptionId)}`,
  container: 'tfstate',
  key: `${environment}.tfstate`,
});

/** The first illegal one of an environment's names, with the reason; undefined when all are legal. */
export function illegalName(environment: string, names: ResourceNames): string | undefined {
  const problem = environmentNameProblem(environment);
  if (problem !== undefined) return `name: expected ${problem}`;
  for (const [kind, name] of Object.entries(names) as [keyof ResourceNames, string][]) {
    const reason = checkName(kind, name);
    if (reason !== undefined) return `names.${kind}: ${reason}`;
  }
  return undefined;
}
