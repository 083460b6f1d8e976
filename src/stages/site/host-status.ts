import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { parseAudit } from '../deploy/audit.ts';
import { PROJECT } from '../deploy/host-layout.ts';
import { describeHolder, holderState, readHolder } from '../deploy/lock-holder.ts';
import { readRecord } from '../deploy/read-record.ts';
import { Deploying, HostState } from '../deploy/release.ts';
import { type Host, type Site, sitePaths } from '../deploy/site.ts';
import { decodeBase64, readSurveyLines, type SurveyLines } from '../deploy/survey-lines.ts';
import { targetOf } from '../deploy/targets.ts';
import { MaintenanceRecord } from '../maintenance/record.ts';
import { Container, type HostStatus } from './site-status.ts';

/** A server that has not told everything by then counts as away. */
const DEADLINE_MS = 20_000;

/** As the script gives it. */
const Told = Type.Object({
  ...Type.Omit(Container, ['problem']).properties,
  /** "True" for a job that was run by hand. */
  oneOff: Type.Union([Type.String(), Type.Null()]),
});

/** The failing checks of a /readyz answer: "database: no answer within 1 s". */
function failingChecks(answer: string | undefined): string | undefined {
  const Ready = Type.Object({
    checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()) })),
  });
  const checks = Object.entries(readRecord(answer, Ready)?.checks ?? {}).filter(([, { ok }]) => !ok);
  return checks.map(([name, { detail }]) => (detail ? `${name}: ${detail}` : name)).join(', ') || undefined;
}

function problemOf(told: Omit<Container, 'problem'>, ready: string | undefined): string | null {
  const { state, health, exitCode, outOfMemory } = told;
  if (outOfMemory && state !== 'running') return 'ran out of memory';
  if (state === 'restarting') return `ends again and again (exit code ${exitCode})`;
  if (state !== 'running') return `is ${state} (exit code ${exitCode})`;
  if (health === 'unhealthy') return `is not ready${ready ? ` (${ready})` : ''}`;
  return health === 'starting' ? 'is starting' : null;
}

function readContainers({ all }: SurveyLines): Container[] {
  const unready = new Map(
    all('unready').map((line) => {
      const [name = '', answer = ''] = line.split(' ');
      return [name, failingChecks(decodeBase64(answer))] as const;
    }),
  );
  return all('container')
    .flatMap((line) => readRecord(line, Told) ?? [])
    .filter(({ oneOff }) => oneOff !== 'True')
    .map(({ oneOff: _, ...told }) => {
      const name = told.name.replace(/^\//, '');
      return { ...told, name, problem: problemOf(told, unready.get(name)) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function lockOf({ one, decoded }: SurveyLines, site: Site, context: Context): Promise<string | null> {
  if (one('lock') !== 'yes') return null;
  const holder = readHolder(decoded('lock-holder'));
  const paths = sitePaths(context.settings.dir, site.name);
  return describeHolder(holder, holder ? await holderState(holder, paths, context) : 'unknown');
}

const nothingOf = ({ name, address, groups }: Host, away: string | null): HostStatus => ({
  ...{ name, address, groups, away, dockerProblem: null, state: null, deploying: null, maintenance: null, lock: null },
  ...{ containers: [], diskFreeBytes: null, backlog: null, audit: [] },
});

async function interpret(host: Host, text: string, site: Site, context: Context): Promise<HostStatus> {
  const lines = readSurveyLines(text);
  if (lines.one('end') === undefined) return nothingOf(host, 'its answer was cut off');
  const lags = lines.all('lag').map(Number);
  const free = lines.one('disk-free');
  return {
    ...nothingOf(host, null),
    dockerProblem: lines.one('docker-error') ?? null,
    state: readRecord(lines.decoded('state'), HostState) ?? null,
    deploying: readRecord(lines.decoded('deploying'), Deploying) ?? null,
    maintenance: readRecord(lines.decoded('maintenance'), MaintenanceRecord) ?? null,
    lock: await lockOf(lines, site, context),
    containers: readContainers(lines),
    diskFreeBytes: free ? Number(free) * 1_024 : null,
    backlog: lags.length > 0 ? lags.reduce((sum, lag) => sum + lag, 0) : null,
    audit: parseAudit(lines.decoded('audit') ?? ''),
  };
}

/** How one server is. One that is away says so; only an interruption is thrown. */
export async function hostStatus(host: Host, script: string, site: Site, context: Context): Promise<HostStatus> {
  const { remote, settings, signal } = context;
  const target = targetOf(host, site, sitePaths(settings.dir, site.name));
  const argv = ['sh', '-s', '--', site.home, PROJECT];
  try {
    const { stdout } = await remote.run(target, argv, { input: script, root: true, timeoutMs: DEADLINE_MS, signal });
    return await interpret(host, stdout, site, context);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OmsError)) throw error;
    return nothingOf(host, error.why ?? error.message);
  }
}
