import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static, TSchema } from 'typebox';
import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { PROJECT } from '../deploy/host-layout.ts';
import { readRecord } from '../deploy/read-record.ts';
import { type Host, type Site, sitePaths } from '../deploy/site.ts';
import { targetOf } from '../deploy/targets.ts';

/** Counting the rows of a large shop takes a while. */
const DEADLINE_MS = 120_000;

/** The server with the database; a site has exactly one. */
export const dataHost = ({ hosts }: Pick<Site, 'hosts'>): Host => hosts.find(({ groups }) => groups.includes('data'))!;

export const dataTarget = (site: Site, { settings }: Pick<Context, 'settings'>): RemoteTarget =>
  targetOf(dataHost(site), site, sitePaths(settings.dir, site.name));

/**
 * Asks a question of the backup program: this version's own, handed over with the call, whichever one lies there.
 * @param question a command of it that changes nothing.
 * @throws {OmsError} host_unreachable; deploy_failed with what the program said.
 */
export async function askHost<S extends TSchema>(
  site: Site,
  question: 'list' | 'now',
  schema: S,
  context: Context,
): Promise<Static<S>> {
  const { machine, remote, signal } = context;
  const target = dataTarget(site, context);
  const input = await readFile(join(machine.templateFolder('ansible'), 'roles/backup/files/oms-backup.py'));
  const argv = ['python3', '-', '--home', site.home, '--project', PROJECT, question];
  const { code, stdout, stderr } = await remote.run(target, argv, {
    input,
    root: true,
    timeoutMs: DEADLINE_MS,
    signal,
  });
  const answer = code === 0 ? readRecord(stdout, schema) : undefined;
  if (answer !== undefined) return answer;
  const said = stderr.trim().split('\n').at(-1)?.replace('oms-backup: ', '');
  throw new OmsError('deploy_failed', `${target.name}: its backups could not be read`, {
    why: said || (code === 0 ? 'the answer is of another form' : `the program ended with exit code ${code}`),
    next: [`oms status --env ${site.name}`],
  });
}
