import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { messageOf } from '../../errors.ts';
import { onHost } from './host-command.ts';
import { HOST_LAYOUT } from './host-layout.ts';
import { readRecord } from './read-record.ts';
import { AuditEntry } from './release.ts';
import { type Site, sitePaths } from './site.ts';
import { targetOf } from './targets.ts';

/** A line that a cut has left without its end must not swallow the next one. */
const APPEND = `
umask 022
[ -s "$1" ] && [ -n "$(tail -c 1 -- "$1")" ] && echo >> "$1"
cat >> "$1"`;

async function appendOnHost(target: RemoteTarget, file: string, line: string, context: Context): Promise<void> {
  const purpose = 'its audit trail could not be written';
  await onHost({ target, script: APPEND, args: [file], input: line, purpose, unstoppable: true }, context);
}

/**
 * Adds one line to the audit trail, here and on every server. What cannot be written is told and stops nothing: the
 * deployment is as it is, whether it was written down or not.
 */
export async function appendAudit(site: Site, entry: AuditEntry, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  const line = `${JSON.stringify(entry)}\n`;
  const file = `${site.home}/${HOST_LAYOUT.audit}`;
  const tell = (where: string) => (error: unknown) => {
    context.terminal.note(`The audit trail of ${where} lacks this run: ${messageOf(error)}`);
  };
  await Promise.all([
    context.machine.appendLine(paths.audit, line).catch(tell('this machine')),
    ...site.hosts.map((host) => appendOnHost(targetOf(host, site, paths), file, line, context).catch(tell(host.name))),
  ]);
}

/** The entries in the text of an audit trail, the oldest first; a line that is none of ours is left out. */
export const parseAudit = (text: string): AuditEntry[] =>
  text.split('\n').flatMap((line) => readRecord(line, AuditEntry) ?? []);

/** Lines that are read back of a trail. */
const LONGEST = 1_000;

/** The audit trail of this machine; empty where there is none. */
export async function readLocalAudit(site: Site, context: Context): Promise<AuditEntry[]> {
  const { audit } = sitePaths(context.settings.dir, site.name);
  if (!context.machine.exists(audit)) return [];
  const { lines } = await context.machine.tailLines(audit, LONGEST);
  return parseAudit(lines.join('\n'));
}

/** The audit trail of one server: everything that was done to it, from whichever machine. */
export async function readHostAudit(target: RemoteTarget, home: string, context: Context): Promise<AuditEntry[]> {
  const { stdout } = await onHost(
    {
      ...{ target, script: `tail -n "$2" -- "$1" 2>/dev/null; exit 0` },
      args: [`${home}/${HOST_LAYOUT.audit}`, String(LONGEST)],
      purpose: 'its audit trail could not be read',
    },
    context,
  );
  return parseAudit(stdout);
}
