import { existsSync } from 'node:fs';
import { OmsError } from '../../errors.ts';
import { explainArguments, SSH_FAILED } from '../../tools/ssh.ts';
import { readSshFailure, readSudoFailure } from '../../tools/ssh-failures.ts';
import { type CommandOutcome, runToOutcome } from '../exec/run.ts';
import type { RemoteTarget } from './remote.ts';

type End = Pick<CommandOutcome, 'code' | 'stderr' | 'notFound'>;

const EXPLAIN_DEADLINE_MS = 15_000;

const place = ({ name, address }: RemoteTarget) => (name === address ? name : `${name} (${address})`);

/** Whether the connection failed, not the command. A command that ends with 255 cannot be told from it. */
export const isSshFailure = ({ connection }: RemoteTarget, { code, notFound }: End): boolean =>
  connection === 'ssh' && (notFound || code === undefined || code === SSH_FAILED);

/** Which keys were offered is said by a call that tells everything; that a key is not there is said by nobody. */
async function explained(target: RemoteTarget, said: string): Promise<string> {
  if (!/Permission denied \(/.test(said)) return said;
  const { identityFile } = target;
  if (identityFile && !existsSync(identityFile)) return `no such identity: ${identityFile}: No such file or directory`;
  const signal = AbortSignal.timeout(EXPLAIN_DEADLINE_MS);
  const { stderr } = await runToOutcome({ file: 'ssh', args: explainArguments(target), signal, env: { LC_ALL: 'C' } });
  return `${said}\n${stderr}`;
}

/** What ssh's failure means, as an error people can act on. */
export async function connectionError(target: RemoteTarget, { stderr, notFound }: End): Promise<OmsError> {
  if (notFound) {
    return new OmsError('tool_missing', 'ssh is not installed, or not on PATH', {
      next: ['apt-get install openssh-client'],
    });
  }
  const { why, next } = readSshFailure(target, await explained(target, stderr));
  return new OmsError('host_unreachable', `${place(target)} cannot be reached`, {
    why,
    next,
    ...(stderr.trim() && { original: stderr.trim() }),
  });
}

/** Why sudo refused, as an error; undefined when it did not. */
export function becomeRootError(target: RemoteTarget, stderr: string): OmsError | undefined {
  const refusal = readSudoFailure(target.user, stderr);
  if (!refusal) return undefined;
  return new OmsError('host_unreachable', `nobody can become root on ${place(target)}`, {
    ...refusal,
    original: stderr.trim(),
  });
}

/** The host took the connection, or did not, and nothing came in time. */
export const silentError = (target: RemoteTarget, timeoutMs: number): OmsError =>
  new OmsError('host_unreachable', `${place(target)} did not answer`, {
    why: `nothing came within ${timeoutMs / 1_000} s`,
    next: ['see that the server is not overloaded, then try again'],
  });
