import type { SiteOptions } from '../../config/deploy-options.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { createPrompts, type Prompts } from '../../ui/ask.ts';
import { readSite } from './saved-site.ts';
import type { Certificates, Host, Site } from './site.ts';
import { azureEvents, readProvisioned } from './site-events.ts';
import { refuseSiteChanges } from './site-fixed.ts';
import { localHome, siteHosts, thisMachine } from './site-hosts.ts';
import { siteProblems } from './site-problems.ts';
import { askGaps, azureGaps, gapsOf, refuseGaps } from './site-questions.ts';

const DEFAULT_HOME = '/opt/oms';
const DEFAULT_REPLICAS = 2;
/** When shops are quiet, and before the clock is changed to summer time. */
const DEFAULT_BACKUP_AT = '01:30';
/** Ports below 1024 may be somebody else's on a machine that people work at. */
const LOCAL_PORTS = { http: 8_080, https: 8_443 };
const SERVER_PORTS = { http: 80, https: 443 };

function certificatesOf(options: SiteOptions, saved: Certificates | undefined): Certificates {
  const { acmeEmail, acmeServer, certificate, certificateKey, selfSigned } = options;
  if (selfSigned) return { kind: 'self-signed' };
  if (certificate !== undefined && certificateKey !== undefined) {
    return { kind: 'files', certificate, key: certificateKey };
  }
  const before = saved?.kind === 'acme' ? saved : undefined;
  const email = acmeEmail ?? before?.email;
  if (email !== undefined && (acmeEmail !== undefined || acmeServer !== undefined || before)) {
    return { kind: 'acme', email, server: acmeServer ?? before?.server ?? null };
  }
  if (acmeServer !== undefined) {
    throw new OmsError('usage', '--acme-server needs --acme-email, whom the authority writes to', {
      next: [`--acme-server ${acmeServer} --acme-email ops@example.com`],
    });
  }
  return saved ?? { kind: 'self-signed' };
}

async function eventsOf(options: SiteOptions, saved: Site | undefined, context: Context): Promise<Site['events']> {
  const before = saved?.events.kind === 'azure' ? saved.events : undefined;
  const kind = saved?.events.kind ?? options.events ?? 'local';
  const certificate = options.azureCertificate ?? before?.certificate;
  if (kind === 'local' || certificate === undefined) return { kind: 'local' };
  return azureEvents(options, certificate, before, context);
}

/** Where a site is: its servers, its folder there, its ports. */
function placeOf(
  options: SiteOptions,
  saved: Site | undefined,
  context: Context,
): Pick<Site, 'hosts' | 'home' | 'ports'> {
  const isLocal =
    options.target === 'local' || (saved?.hosts.some(({ connection }) => connection === 'local') ?? false);
  const defaults = isLocal ? LOCAL_PORTS : SERVER_PORTS;
  const hosts: Host[] | undefined = isLocal ? (saved?.hosts ?? [thisMachine()]) : siteHosts(options, saved);
  const home = isLocal ? localHome(context.settings.dir, options.env) : (options.home ?? DEFAULT_HOME);
  return {
    hosts: hosts ?? [],
    home: saved?.home ?? home,
    ports: {
      http: options.httpPort ?? saved?.ports.http ?? defaults.http,
      https: options.httpsPort ?? saved?.ports.https ?? defaults.https,
    },
  };
}

async function composeSite(options: SiteOptions, saved: Site | undefined, context: Context): Promise<Site> {
  return {
    version: 1,
    name: options.env,
    ...placeOf(options, saved, context),
    identityFile: options.identity ?? saved?.identityFile ?? null,
    domains: options.domains ?? saved?.domains ?? ['localhost'],
    certificates: certificatesOf(options, saved?.certificates),
    events: await eventsOf(options, saved, context),
    payments: options.payments ?? saved?.payments ?? 'sandbox',
    replicas: {
      producer: options.replicasProducer ?? saved?.replicas.producer ?? DEFAULT_REPLICAS,
      consumer: options.replicasConsumer ?? saved?.replicas.consumer ?? DEFAULT_REPLICAS,
    },
    timeZone: options.timeZone ?? saved?.timeZone ?? 'UTC',
    backupAt: options.backupAt === undefined ? (saved ? saved.backupAt : DEFAULT_BACKUP_AT) : options.backupAt,
    observability: options.observability ?? saved?.observability ?? false,
  };
}

function refuseProblems(site: Site): void {
  const problems = siteProblems(site);
  if (problems.length === 0) return;
  throw new OmsError('usage', `the site ${site.name} cannot be like this`, {
    why: problems.join('; '),
    next: ['oms deploy --help'],
  });
}

/** --target local brings its own server; one that is named as well is meant for something else. */
function refuseMixture({ target, hosts, home, identity }: SiteOptions): void {
  if (target !== 'local') return;
  const given = Object.entries({ '--hosts': hosts, '--home': home, '--identity': identity });
  const odd = given.filter(([, value]) => value !== undefined).map(([flag]) => flag);
  if (odd.length === 0) return;
  throw new OmsError('usage', `--target local is this machine: ${odd.join(', ')} cannot go with it`, {
    next: ['leave out one of them'],
  });
}

/**
 * What a site is made of: flags, then what was saved of it, then answers on a terminal. Nothing is written: the caller
 * keeps it with saveSite once it is agreed to.
 * @throws {OmsError} usage naming everything that is missing or does not fit; refused for what can never change;
 * input_file when what was saved is damaged; not_provisioned where events go to a namespace that is not there.
 */
export async function resolveSite(
  options: SiteOptions,
  context: Context,
  prompts: Prompts = createPrompts(),
): Promise<Site> {
  refuseMixture(options);
  const saved = await readSite(context.settings.dir, options.env);
  if (saved) refuseSiteChanges(saved, options);
  const provisioned = (await readProvisioned(options.env, context)) !== undefined;
  const { interactive } = context.terminal;
  const gaps = gapsOf(options, saved, provisioned);
  if (!interactive) refuseGaps([...gaps, ...azureGaps(options, saved)], options.env);
  const told = await askGaps(gaps, options, prompts);
  const answered = await askGaps(azureGaps(told, saved), told, prompts);
  const site = await composeSite(answered, saved, context);
  refuseProblems(site);
  return site;
}
