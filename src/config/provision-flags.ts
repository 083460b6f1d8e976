import { Flags } from '@oclif/core';
import {
  parseEmail,
  parseEnvironmentName,
  parseGateway,
  parsePath,
  parseRange,
  parseRegion,
  parseSubnetId,
  parseUuid,
} from './azure-values.ts';
import { parseChoice, parseCount, parseDuration, parseNumber } from './quantities.ts';
import { workloadFlags } from './workload-flags.ts';

const units = { min: 1, max: 40, unit: 'units', example: '--units 6' };
const maxUnits = { min: 0, max: 40, unit: 'units (0: off)', example: '--max-units 12' };
const partitions = { min: 1, max: 100, unit: 'partitions', example: '--partitions 16' };
const budget = { min: 1, max: 999_999_999, unit: 'an amount a month', example: '--budget 500' };
const canary = { minMs: 1_000, maxMs: 7_200_000, range: '1s to 2h', example: '--canary-timeout 20m' };

const STATES = ['azure', 'local'] as const;

/** A flag that may be given several times. oclif hands on a variable in one piece, so commas separate in both. */
const several = { multiple: true, multipleNonGreedy: true } as const;
const each = (parse: (text: string) => string) => async (text: string) => text.split(',').map((part) => parse(part));

/** Which environment is meant. @param env the flag's variable. */
export const environmentFlag = (env: string) =>
  Flags.string({
    env,
    summary: 'the environment, a folder below .oms (default demo)',
    helpValue: 'NAME',
    parse: async (text) => parseEnvironmentName(text),
  });

/** Where everything is made. */
const placeFlags = {
  env: environmentFlag('OMS_PROVISION_ENV'),
  subscription: Flags.string({
    env: 'OMS_PROVISION_SUBSCRIPTION',
    summary: 'id of the subscription (default that of az)',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--subscription'),
  }),
  tenant: Flags.string({
    env: 'OMS_PROVISION_TENANT',
    summary: 'id of the tenant (default that of az)',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--tenant'),
  }),
  region: Flags.string({
    env: 'OMS_PROVISION_REGION',
    summary: 'region with availability zones; it can never be changed',
    helpValue: 'NAME',
    parse: async (text) => parseRegion(text, '--region'),
  }),
  'secondary-region': Flags.string({
    env: 'OMS_PROVISION_SECONDARY_REGION',
    summary: 'a second namespace there, as a geo-DR pair',
    helpValue: 'NAME',
    parse: async (text) => parseRegion(text, '--secondary-region'),
  }),
  state: Flags.custom<(typeof STATES)[number]>({
    env: 'OMS_PROVISION_STATE',
    summary: "where Terraform's state is kept (default azure)",
    helpValue: STATES.join('|'),
    parse: async (text) => parseChoice(text, STATES, '--state azure'),
  })(),
};

/** How much of it. */
const sizeFlags = {
  ...workloadFlags('OMS_PROVISION'),
  units: Flags.integer({
    env: 'OMS_PROVISION_UNITS',
    summary: 'throughput or processing units, instead of those of the sizing',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, units),
  }),
  'max-units': Flags.integer({
    env: 'OMS_PROVISION_MAX_UNITS',
    summary: 'where auto-inflate stops; 0 switches it off (default twice those of the sizing)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, maxUnits),
  }),
  partitions: Flags.integer({
    env: 'OMS_PROVISION_PARTITIONS',
    summary: 'partitions of each hub, instead of those of the sizing; for ever on Standard',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, partitions),
  }),
};

/** Who gets in, and who is told. */
const accessFlags = {
  'allow-ip': Flags.custom<string[]>({
    ...several,
    env: 'OMS_PROVISION_ALLOW_IP',
    summary: 'public IPv4 address or range that may reach the namespace, the accounts and the vault',
    helpValue: 'CIDR',
    parse: each(parseRange),
  })(),
  'private-endpoint-subnet': Flags.string({
    env: 'OMS_PROVISION_PRIVATE_ENDPOINT_SUBNET',
    summary: 'id of the subnet for private endpoints',
    helpValue: 'ID',
    parse: async (text) => parseSubnetId(text),
  }),
  'customer-managed-key': Flags.boolean({
    env: 'OMS_PROVISION_CUSTOMER_MANAGED_KEY',
    summary: 'encrypt a Premium namespace with a key of the vault',
  }),
  'alert-email': Flags.custom<string[]>({
    ...several,
    env: 'OMS_PROVISION_ALERT_EMAIL',
    summary: 'who is told of alerts and of the budget',
    helpValue: 'ADDRESS',
    parse: each((address) => parseEmail(address)),
  })(),
  budget: Flags.custom<number>({
    env: 'OMS_PROVISION_BUDGET',
    summary: "amount a month, in the subscription's currency, that is warned of",
    helpValue: 'AMOUNT',
    parse: async (text) => parseNumber(text, budget),
  })(),
  certificate: Flags.string({
    env: 'OMS_PROVISION_CERTIFICATE',
    summary: 'public certificate (PEM) that the apps on-prem sign in with',
    helpValue: 'FILE',
    parse: async (text) => parsePath(text, '--certificate ./oms.pem'),
    exclusive: ['principal'],
  }),
  principal: Flags.string({
    env: 'OMS_PROVISION_PRINCIPAL',
    summary: 'object id of a service principal that exists, instead of --certificate',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--principal'),
  }),
  'sas-fallback': Flags.boolean({
    env: 'OMS_PROVISION_SAS_FALLBACK',
    summary: 'shared access keys per hub, where Entra ID is out of reach',
  }),
  gateway: Flags.string({
    env: 'OMS_EVENTHUB_GATEWAY',
    summary: 'an AMQP gateway in front of the namespace, for the canary',
    helpValue: 'sb://HOST:PORT',
    parse: async (text) => parseGateway(text),
  }),
};

/** What is done. */
const actionFlags = {
  'plan-only': Flags.boolean({
    env: 'OMS_PROVISION_PLAN_ONLY',
    summary: 'show what would change, change nothing',
    exclusive: ['drift', 'unlock', 'lock-archive'],
  }),
  drift: Flags.boolean({
    env: 'OMS_PROVISION_DRIFT',
    summary: 'say what was changed outside of oms, change nothing; ends with 2 if anything was',
    exclusive: ['unlock', 'lock-archive'],
  }),
  'lock-archive': Flags.boolean({
    env: 'OMS_PROVISION_LOCK_ARCHIVE',
    summary: 'lock the ten years of the archive, for ever',
    exclusive: ['unlock'],
  }),
  canary: Flags.boolean({
    env: 'OMS_PROVISION_CANARY',
    summary: 'send an event and look for it at both ends (the default; --no-canary does not)',
    allowNo: true,
  }),
  'canary-timeout': Flags.integer({
    env: 'OMS_PROVISION_CANARY_TIMEOUT',
    summary: 'how long it may take into the archive (default the capture interval and 5m)',
    helpValue: 'DURATION',
    parse: async (text) => parseDuration(text, canary),
  }),
  unlock: Flags.string({
    env: 'OMS_PROVISION_UNLOCK',
    summary: 'release the lock that a run left on the state',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--unlock'),
  }),
  confirm: Flags.custom<string[]>({
    ...several,
    env: 'OMS_PROVISION_CONFIRM',
    summary: 'a name that would have to be typed, where nobody can be asked',
    helpValue: 'NAME',
    parse: each(parseEnvironmentOrAccount),
  })(),
  yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before making what destroys nothing' }),
  'no-prompt': Flags.boolean({ env: 'OMS_PROVISION_NO_PROMPT', summary: 'the same as --no-input: never ask' }),
};

/** What can be asked to be typed: an environment or a storage account. */
function parseEnvironmentOrAccount(text: string): string {
  return /^[a-z0-9]{3,24}$/.test(text) ? text : parseEnvironmentName(text, '--confirm');
}

/** Help shows what belongs together under a heading of its own. */
const under = <Group extends Record<string, object>>(helpGroup: string, flags: Group): Group =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }])) as Group;

/** The flags of `oms provision`. A flag that takes one value is refused when it is given twice. */
export const provisionFlags = {
  ...placeFlags,
  ...under('SIZE', sizeFlags),
  ...under('ACCESS', accessFlags),
  ...under('RUN', actionFlags),
};
