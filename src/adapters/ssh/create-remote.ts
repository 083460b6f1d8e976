import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { messageOf, OmsError } from '../../errors.ts';
import { asRoot, endArguments, endingWithInput, sshArguments } from '../../tools/ssh.ts';
import { follow } from '../exec/follow.ts';
import { type CommandOutcome, runToOutcome } from '../exec/run.ts';
import { becomeRootError, connectionError, isSshFailure, silentError } from './connection-error.ts';
import { prepareFolders, removeControlFolders } from './control-folder.ts';
import { openForward } from './forward.ts';
import type { Remote, RemoteOutcome, RemoteTarget } from './remote.ts';

/** ssh says what its system says, and what it says is read. */
const ENVIRONMENT = { LC_ALL: 'C' };

/** Of a command that is not there, as shells have it. */
const NOT_FOUND = 127;

/** Of a command that was ended by a signal, whichever it was. */
const KILLED = 128;

/** How long the end of shared connections is waited for; they end by themselves a little later. */
const CLOSE_DEADLINE_MS = 5_000;

interface Call {
  target: RemoteTarget;
  argv: readonly string[];
  root: boolean;
}

const isRootAlready = ({ connection, user }: RemoteTarget) =>
  connection === 'local' ? process.getuid?.() === 0 : user === 'root';

function programOf({ target, argv, root }: Call): { file: string; args: string[] } {
  const whole = root && !isRootAlready(target) ? asRoot(argv) : [...argv];
  if (target.connection === 'ssh') return { file: 'ssh', args: sshArguments(target, whole) };
  const [file = 'true', ...args] = whole;
  return { file, args };
}

/** The outcome as the command's own, once it is known that ssh and sudo have done their part. */
async function judge<End extends Pick<CommandOutcome, 'code' | 'stderr' | 'notFound'>>(
  call: Call,
  end: End,
): Promise<End & { code: number }> {
  const { target, root } = call;
  if (isSshFailure(target, end)) throw await connectionError(target, end);
  if (root && !isRootAlready(target) && end.code !== 0) {
    const refusal = becomeRootError(target, end.stderr);
    if (refusal) throw refusal;
  }
  return { ...end, code: end.code ?? (end.notFound ? NOT_FOUND : KILLED) };
}

async function runOnce(
  call: Call,
  input: string | Uint8Array | Readable | undefined,
  limits: { signal?: AbortSignal | undefined; timeoutMs?: number | undefined },
): Promise<RemoteOutcome> {
  const { signal, timeoutMs } = limits;
  signal?.throwIfAborted();
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signals = [signal, deadline].filter((one) => one !== undefined);
  await prepareFolders(call.target);
  const end = await runToOutcome({
    ...programOf(call),
    env: ENVIRONMENT,
    ...(input !== undefined && { input }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  });
  signal?.throwIfAborted();
  if (deadline?.aborted) throw silentError(call.target, timeoutMs!);
  const { code, stdout, stderr } = await judge(call, end);
  return { code, stdout, stderr };
}

async function* counted(file: string, onProgress: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    yield chunk;
    bytes += chunk.length;
    onProgress(bytes);
  }
}

async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => messageOf(error));
  if (typeof found !== 'string' && found.isFile()) return;
  throw new OmsError('input_file', `${file} cannot be sent`, {
    why: typeof found === 'string' ? found : 'it is not a file',
    next: [`ls -l ${file}`],
  });
}

/** Commands on servers through the ssh of this machine, as {@link Remote} says. */
export function createRemote(): Remote {
  const used = new Map<string, RemoteTarget>();
  const remember = (target: RemoteTarget) => {
    if (target.connection === 'ssh') used.set(JSON.stringify(target), target);
  };
  return {
    run: (target, argv, { input, root = false, timeoutMs, signal } = {}) => {
      remember(target);
      return runOnce({ target, argv, root }, input, { signal, timeoutMs });
    },
    follow: async (target, argv, { onLine, root = false, signal }) => {
      remember(target);
      signal.throwIfAborted();
      await prepareFolders(target);
      const call = { target, argv: endingWithInput(argv), root };
      const end = await follow({ ...programOf(call), env: ENVIRONMENT, onLine, signal });
      // Whoever ends it does not want to hear how.
      if (signal.aborted) return { code: end.code ?? KILLED, stderr: end.stderr };
      const { code, stderr } = await judge(call, end);
      return { code, stderr };
    },
    send: async (target, file, argv, { root = false, onProgress = () => undefined, signal }) => {
      remember(target);
      await requireFile(file);
      return runOnce({ target, argv, root }, Readable.from(counted(file, onProgress)), { signal });
    },
    forward: async (target, to) => {
      remember(target);
      await prepareFolders(target);
      return openForward(target, to);
    },
    close: async () => {
      const targets = [...used.values()];
      used.clear();
      const calls = targets.map(endArguments).filter((args) => args !== undefined);
      // A connection that has gone already is no failure.
      const signal = AbortSignal.timeout(CLOSE_DEADLINE_MS);
      await Promise.all(calls.map((args) => runToOutcome({ file: 'ssh', args, signal })));
      await removeControlFolders(targets);
    },
  };
}
