import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import type { HostFacts } from './diff.ts';
import { onHost } from './host-command.ts';
import { PROJECT } from './host-layout.ts';
import { readHostRecord } from './host-state.ts';
import type { Preflight } from './preflight/preflight.ts';
import { type Host, type Site, sitePaths } from './site.ts';
import { targetOf } from './targets.ts';

/** One line a running container: its service and the hash it was made with. A server without Docker runs nothing. */
const RUNNING = `
command -v docker >/dev/null 2>&1 || exit 0
docker ps --filter "label=com.docker.compose.project=$1" \\
  --format '{{.Label "com.docker.compose.service"}} {{.Label "oms.hash"}}' 2>/dev/null
exit 0`;

async function runningOn(host: Host, site: Site, context: Context): Promise<Record<string, string>> {
  const target = targetOf(host, site, sitePaths(context.settings.dir, site.name));
  const call = { target, script: RUNNING, args: [PROJECT], purpose: 'its containers could not be listed' };
  const { stdout } = await onHost(call, context);
  const pairs = stdout.split('\n').flatMap((line) => {
    const [service, hash] = line.trim().split(' ');
    return service && hash ? [[service, hash] as const] : [];
  });
  return Object.fromEntries(pairs);
}

async function readHost(host: Host, site: Site, context: Context): Promise<HostFacts> {
  try {
    const target = targetOf(host, site, sitePaths(context.settings.dir, site.name));
    const [record, running] = await Promise.all([
      readHostRecord(target, site.home, context),
      runningOn(host, site, context),
    ]);
    const { state = null, deploying = null, releases } = record;
    const release = releases.find(({ id }) => id === state?.release) ?? null;
    return { host: host.name, unreachable: null, state, deploying, release, running };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof OmsError && error.code === 'host_unreachable')
      return { host: host.name, unreachable: error.why ?? error.message };
    throw error;
  }
}

/** Without these a server says nothing of itself. */
const NEEDED = ['reach', 'sudo'];

/**
 * What every server of a site says of itself; one that does not answer says why. What the preflight could not reach, or
 * not as root, is not asked again.
 * @throws {OmsError} deploy_failed for a state that is not understood.
 */
export function readHostFacts(
  site: Site,
  context: Context,
  { checks }: Pick<Preflight, 'checks'> = { checks: [] },
): Promise<HostFacts[]> {
  const closed = checks.filter(({ id, state }) => state === 'fail' && NEEDED.includes(id));
  return Promise.all(
    site.hosts.map((host) => {
      const why = closed.find((check) => check.host === host.name)?.why;
      return why === undefined ? readHost(host, site, context) : { host: host.name, unreachable: why };
    }),
  );
}
