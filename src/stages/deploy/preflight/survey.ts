import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { PROJECT } from '../host-layout.ts';
import type { Host, Site, SitePaths } from '../site.ts';
import { targetOf } from '../targets.ts';
import { type HostFacts, parseSurvey } from './facts.ts';
import { privatePorts, publicPorts } from './wanted-ports.ts';

/** All that is asked of a server, Docker's own deadlines among it. */
const DEADLINE_MS = 60_000;

export type Surveyed = { host: Host; facts: HostFacts } | { host: Host; error: OmsError };

async function ask(host: Host, script: string, site: Site, paths: SitePaths, context: Context): Promise<HostFacts> {
  const ports = [...publicPorts(host, site).map(String), ...privatePorts(host, site).map((port) => `${port}/private`)];
  const argv = ['sh', '-s', '--', site.home, PROJECT, ...ports];
  const { remote, signal } = context;
  const sent = Date.now();
  const target = targetOf(host, site, paths);
  const { stdout } = await remote.run(target, argv, { input: script, timeoutMs: DEADLINE_MS, signal });
  return parseSurvey(host.name, stdout, { sent, received: Date.now() });
}

/** What each server says of itself: one question a server, all at once. Only an interruption is thrown. */
export async function surveyHosts(site: Site, paths: SitePaths, context: Context): Promise<Surveyed[]> {
  const script = await readFile(join(context.machine.templateFolder('server'), 'survey.sh'), 'utf8');
  const survey = (host: Host): Promise<Surveyed> =>
    ask(host, script, site, paths, context).then(
      (facts) => ({ host, facts }),
      (error: unknown) => {
        context.signal.throwIfAborted();
        if (error instanceof OmsError) return { host, error };
        throw error;
      },
    );
  return Promise.all(site.hosts.map(survey));
}
