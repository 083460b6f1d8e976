import type { RemoteOutcome, RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';

/** Of a small command on a server. */
const DEADLINE_MS = 30_000;

export interface HostCommand {
  target: RemoteTarget;
  /** POSIX shell, with its arguments as "$1" and on: nothing is put into its text. */
  script: string;
  args: readonly string[];
  input?: string;
  /** What it is for, as in "the lock could not be taken". */
  purpose: string;
  /** Goes to its end even after a Ctrl-C: what tidies up. */
  unstoppable?: boolean;
}

/**
 * Runs a small script as root on a server.
 * @throws {OmsError} host_unreachable; deploy_failed with what the server said when the script failed.
 */
export async function onHost(
  { target, script, args, input, purpose, unstoppable = false }: HostCommand,
  { remote, signal }: Pick<Context, 'remote' | 'signal'>,
): Promise<RemoteOutcome> {
  const outcome = await remote.run(target, ['sh', '-c', script, 'sh', ...args], {
    root: true,
    timeoutMs: DEADLINE_MS,
    ...(input !== undefined && { input }),
    ...(!unstoppable && { signal }),
  });
  if (outcome.code === 0) return outcome;
  const said = outcome.stderr.trim().split('\n').at(-1);
  throw new OmsError('deploy_failed', `${target.name}: ${purpose}`, {
    why: said || `a command there ended with exit code ${outcome.code}`,
    next: [/No space left/.test(outcome.stderr) ? `make room on ${target.name}: df -h` : `look at ${target.name}`],
  });
}
