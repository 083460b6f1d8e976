import { Flags } from '@oclif/core';
import { parseEmail, parsePath, parseUuid } from './azure-values.ts';
import { parseDomain, parseHome, parseHosts, parsePrivateAddress, parseShift } from './host-list.ts';
import { environmentFlag } from './provision-flags.ts';
import { parseChoice, parseCount, parseNumber, QuantityError, quoted } from './quantities.ts';

const several = { multiple: true, multipleNonGreedy: true } as const;
const each =
  <T>(parse: (text: string) => T) =>
  async (text: string) =>
    text.split(',').map((part) => parse(part.trim()));

const port = (flag: string) => ({ min: 1, max: 65_535, unit: 'as a port', example: `${flag} 8443` });
const replicas = (flag: string) => ({ min: 1, max: 20, unit: 'replicas', example: `${flag} 3` });
const budget = { min: 0, max: 100, unit: 'percent of failed requests', example: '--error-budget 0.5' };

const EVENTS = ['azure', 'local'] as const;
const PAYMENTS = ['sandbox', 'stripe'] as const;
const TARGETS = ['servers', 'local'] as const;

const file = (flag: string) => async (text: string) => parsePath(text, `${flag} ./file`);

function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && !url.username && !url.hash) return text;
  throw new QuantityError(`expected an address beginning with https://, got ${quoted(text)}`);
}

export function parseWhy(text: string): string {
  const line = text.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the reason is one line of the audit trail.
  if (line !== '' && line.length <= 300 && !/[\u0000-\u001f\u007f]/.test(line)) return line;
  throw new QuantityError(`expected one line of up to 300 characters; for example --why "prices of December"`);
}

function parseRelease(text: string): string {
  if (/^r-[0-9a-f]{12}$/.test(text)) return text;
  throw new QuantityError(`expected the name of a release, got ${quoted(text)}; for example --to r-0123456789ab`);
}

/** Names of groups and of servers are written alike. */
function parsePart(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(text)) return text;
  throw new QuantityError(
    `expected web, app, data or the name of a server, got ${quoted(text)}; for example --only web`,
  );
}

/** Servers, and how one gets there. */
const placeFlags = {
  env: environmentFlag('OMS_DEPLOY_ENV'),
  target: Flags.custom<(typeof TARGETS)[number]>({
    env: 'OMS_DEPLOY_TARGET',
    summary: 'servers over SSH, or the Docker of this machine (default servers)',
    helpValue: TARGETS.join('|'),
    parse: async (text) => parseChoice(text, TARGETS, '--target local'),
  })(),
  hosts: Flags.custom<ReturnType<typeof parseHosts>>({
    env: 'OMS_DEPLOY_HOSTS',
    summary: 'one server, or several with what they carry: web=deploy@h1,app=deploy@h2,data=deploy@h3:2222',
    helpValue: 'LIST',
    parse: async (text) => parseHosts(text),
  })(),
  'private-address': Flags.custom<ReturnType<typeof parsePrivateAddress>[]>({
    ...several,
    env: 'OMS_DEPLOY_PRIVATE_ADDRESS',
    summary: 'where the other servers reach a server, when that is another network',
    helpValue: 'HOST=ADDRESS',
    parse: each(parsePrivateAddress),
  })(),
  identity: Flags.string({
    env: 'OMS_DEPLOY_IDENTITY',
    summary: 'private key for SSH (default what ssh itself takes)',
    helpValue: 'FILE',
    parse: file('--identity'),
  }),
  home: Flags.string({
    env: 'OMS_DEPLOY_HOME',
    summary: 'folder on the servers; it can never be changed (default /opt/oms)',
    helpValue: 'FOLDER',
    parse: async (text) => parseHome(text),
  }),
};

/** What customers see of it. */
const shopFlags = {
  domain: Flags.custom<string[]>({
    ...several,
    env: 'OMS_DEPLOY_DOMAIN',
    summary: 'name the shop is reached by; the first one is in links',
    helpValue: 'NAME',
    parse: each(parseDomain),
  })(),
  'acme-email': Flags.string({
    env: 'OMS_DEPLOY_ACME_EMAIL',
    summary: "certificates by Let's Encrypt, which writes to this address",
    helpValue: 'ADDRESS',
    parse: async (text) => parseEmail(text, '--acme-email'),
    exclusive: ['certificate', 'self-signed'],
  }),
  'acme-server': Flags.string({
    env: 'OMS_DEPLOY_ACME_SERVER',
    summary: "another ACME server than Let's Encrypt",
    helpValue: 'URL',
    parse: async (text) => parseServer(text),
    exclusive: ['certificate', 'self-signed'],
  }),
  certificate: Flags.string({
    env: 'OMS_DEPLOY_CERTIFICATE',
    summary: 'certificate of the shop with its chain (PEM)',
    helpValue: 'FILE',
    parse: file('--certificate'),
    dependsOn: ['certificate-key'],
    exclusive: ['self-signed'],
  }),
  'certificate-key': Flags.string({
    env: 'OMS_DEPLOY_CERTIFICATE_KEY',
    summary: 'its private key (PEM, not encrypted)',
    helpValue: 'FILE',
    parse: file('--certificate-key'),
    dependsOn: ['certificate'],
  }),
  'self-signed': Flags.boolean({
    env: 'OMS_DEPLOY_SELF_SIGNED',
    summary: 'a certificate that nobody vouches for, for a trial',
  }),
  'http-port': Flags.integer({
    env: 'OMS_DEPLOY_HTTP_PORT',
    summary: 'port that redirects to https (default 80)',
    helpValue: 'PORT',
    parse: async (text) => parseCount(text, port('--http-port')),
  }),
  'https-port': Flags.integer({
    env: 'OMS_DEPLOY_HTTPS_PORT',
    summary: 'port of the shop (default 443)',
    helpValue: 'PORT',
    parse: async (text) => parseCount(text, port('--https-port')),
  }),
};

/** What it works with. */
const partsFlags = {
  events: Flags.custom<(typeof EVENTS)[number]>({
    env: 'OMS_DEPLOY_EVENTS',
    summary: "the namespace of oms provision, or a hub of the site's own; it can never be changed",
    helpValue: EVENTS.join('|'),
    parse: async (text) => parseChoice(text, EVENTS, '--events local'),
  })(),
  'azure-certificate': Flags.string({
    env: 'OMS_DEPLOY_AZURE_CERTIFICATE',
    summary: 'key and certificate (one PEM) that sign in to Event Hubs',
    helpValue: 'FILE',
    parse: file('--azure-certificate'),
  }),
  'client-id': Flags.string({
    env: 'OMS_DEPLOY_CLIENT_ID',
    summary: 'of the application that signs in (default what az says)',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--client-id'),
  }),
  payments: Flags.custom<(typeof PAYMENTS)[number]>({
    env: 'OMS_DEPLOY_PAYMENTS',
    summary: 'the sandbox takes no money (default sandbox)',
    helpValue: PAYMENTS.join('|'),
    parse: async (text) => parseChoice(text, PAYMENTS, '--payments stripe'),
  })(),
  'replicas-producer': Flags.integer({
    env: 'OMS_DEPLOY_REPLICAS_PRODUCER',
    summary: 'order APIs on each server of app (default 2)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, replicas('--replicas-producer')),
  }),
  'replicas-consumer': Flags.integer({
    env: 'OMS_DEPLOY_REPLICAS_CONSUMER',
    summary: 'consumers on each server of app (default 2)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, replicas('--replicas-consumer')),
  }),
  observability: Flags.boolean({
    env: 'OMS_DEPLOY_OBSERVABILITY',
    summary: 'Prometheus and Grafana beside it (--no-observability takes them away)',
    allowNo: true,
  }),
};

/** How a release goes out. */
const releaseFlags = {
  only: Flags.custom<string[]>({
    ...several,
    env: 'OMS_DEPLOY_ONLY',
    summary: 'a group (web, app, data) or a server',
    helpValue: 'NAME',
    parse: each(parsePart),
  })(),
  images: Flags.string({
    env: 'OMS_DEPLOY_IMAGES',
    summary: 'archive of --save-images: nothing is built or pulled on the servers',
    helpValue: 'FILE',
    parse: file('--images'),
    exclusive: ['save-images'],
  }),
  'save-images': Flags.string({
    env: 'OMS_DEPLOY_SAVE_IMAGES',
    summary: 'write all images to an archive with the Docker of this machine, deploy nothing',
    helpValue: 'FILE',
    parse: file('--save-images'),
  }),
  'skip-base': Flags.boolean({
    env: 'OMS_DEPLOY_SKIP_BASE',
    summary: 'leave Docker, firewall, time and users as they are',
  }),
  shift: Flags.custom<number[]>({
    env: 'OMS_DEPLOY_SHIFT',
    summary: 'shares of the traffic the new release gets, in percent (default 1,10,50,100)',
    helpValue: 'LIST',
    parse: async (text) => parseShift(text),
  })(),
  'shift-seconds': Flags.integer({
    env: 'OMS_DEPLOY_SHIFT_SECONDS',
    summary: 'how long each share is watched (default 15)',
    helpValue: 'SECONDS',
    parse: async (text) => parseCount(text, { min: 1, max: 86_400, unit: 'seconds', example: '--shift-seconds 60' }),
  }),
  'error-budget': Flags.custom<number>({
    env: 'OMS_DEPLOY_ERROR_BUDGET',
    summary: 'percent of failed requests that stops the new release (default 1)',
    helpValue: 'PERCENT',
    parse: async (text) => parseNumber(text, budget),
  })(),
  'gate-seconds': Flags.integer({
    env: 'OMS_DEPLOY_GATE_SECONDS',
    summary: 'how long something may take to become healthy (default 120)',
    helpValue: 'SECONDS',
    parse: async (text) => parseCount(text, { min: 5, max: 3_600, unit: 'seconds', example: '--gate-seconds 300' }),
  }),
  rollback: Flags.boolean({
    env: 'OMS_DEPLOY_ROLLBACK',
    summary: 'go back when a gate fails (the default; --no-rollback leaves it for a look)',
    allowNo: true,
  }),
};

/** What is done. */
const actionFlags = {
  check: Flags.boolean({
    env: 'OMS_DEPLOY_CHECK',
    summary: 'show what would change, touch no server',
    exclusive: ['unlock', 'save-images'],
  }),
  unlock: Flags.boolean({
    env: 'OMS_DEPLOY_UNLOCK',
    summary: 'take away the lock that a run left on the servers',
    exclusive: ['save-images'],
  }),
  why: Flags.string({
    env: 'OMS_DEPLOY_WHY',
    summary: 'the reason, for the audit trail',
    helpValue: 'TEXT',
    parse: async (text) => parseWhy(text),
  }),
  yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask before changing anything' }),
};

/** Help shows what belongs together under a heading of its own. */
const under = <Group extends Record<string, object>>(helpGroup: string, flags: Group): Group =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }])) as Group;

/** The flags of `oms rollback`: the site is the one that was deployed. */
export const rollbackFlags = {
  env: environmentFlag('OMS_ROLLBACK_ENV'),
  to: Flags.string({
    env: 'OMS_ROLLBACK_TO',
    summary: 'name of a release (default the one before the running one)',
    helpValue: 'RELEASE',
    parse: async (text) => parseRelease(text),
  }),
  ...under('RELEASE', {
    shift: releaseFlags.shift,
    'shift-seconds': releaseFlags['shift-seconds'],
    'error-budget': releaseFlags['error-budget'],
    'gate-seconds': releaseFlags['gate-seconds'],
  }),
  ...under('RUN', {
    check: Flags.boolean({ env: 'OMS_ROLLBACK_CHECK', summary: 'show what would change, touch no server' }),
    why: actionFlags.why,
    yes: actionFlags.yes,
  }),
};

/** The flags of `oms deploy`; what makes a site is asked once and kept. */
export const deployFlags = {
  ...placeFlags,
  ...under('SHOP', shopFlags),
  ...under('PARTS', partsFlags),
  ...under('RELEASE', releaseFlags),
  ...under('RUN', actionFlags),
};
