import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LineSplitter } from './line-splitter.ts';
import type { Command } from './run.ts';

/** A long-running command that is read as it goes, and asked to stop rather than killed. */
export interface StreamedCommand extends Omit<Command, 'input'> {
  /** A folder of ours; what the command writes passes through files there that have no name. */
  scratch: string;
  onLine: (line: string) => void;
  onStart?: ((pid: number) => void) | undefined;
  /** Variables of this process that the command must not see. */
  withhold?: (name: string) => boolean;
  /** On abort the command gets one SIGINT, and is waited for as long as it takes. */
  signal: AbortSignal;
  /** A longer line is dropped and counted; default 1 MiB. */
  maxLineBytes?: number;
  /** After this much output nothing more is read, and the command is asked to stop; default 256 MiB. */
  maxOutputBytes?: number;
}

/** How it ended. A signal that ended it stands beside an absent exit code. */
export interface StreamEnd {
  exitCode: number | undefined;
  endedBy: string | undefined;
  /** It could not be started at all. */
  notFound: boolean;
  /** The end of its stderr. */
  said: string;
  droppedLines: number;
  /** It wrote more than was allowed and was asked to stop. */
  overflowed: boolean;
}

const MIB = 1 << 20;
const MAX_LINE_BYTES = MIB;
const MAX_OUTPUT_BYTES = 256 * MIB;
const SAID_BYTES = 16_384;
const CHUNK_BYTES = 65_536;
const POLL_MS = 40;

/**
 * A file without a name: it goes when the last process that has it open has gone.
 * A pipe would break when this process leaves, and a program that writes to a broken pipe dies of SIGPIPE: Terraform
 * would leave its lock behind and forget what it has just made.
 */
async function openNameless(folder: string, name: string): Promise<FileHandle> {
  const file = join(folder, `.oms-${name}-${process.pid}-${performance.now()}`);
  const { O_RDWR, O_CREAT, O_EXCL, O_APPEND } = constants;
  const handle = await open(file, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0o600);
  await rm(file);
  return handle;
}

function childEnvironment(command: StreamedCommand): NodeJS.ProcessEnv {
  const { withhold = () => false, env = {} } = command;
  const kept = Object.entries(process.env).filter(([name]) => !withhold(name));
  return { ...Object.fromEntries(kept), ...env };
}

type Child = Pick<ChildProcess, 'pid' | 'kill'>;

interface Outcome {
  exitCode?: number | undefined;
  signal?: string | undefined;
  code?: string | undefined;
}

async function start(command: StreamedCommand, stdout: FileHandle, stderr: FileHandle) {
  const { execa } = await import('execa');
  const options = {
    reject: false,
    // A process group of its own: a terminal's Ctrl-C goes to the whole foreground group, and the second one a program
    // gets may mean something else than the first.
    detached: true,
    cleanup: false,
    forceKillAfterDelay: false,
    stdio: ['ignore', stdout.fd, stderr.fd],
    extendEnv: false,
    env: childEnvironment(command),
    ...(command.cwd && { cwd: command.cwd }),
  } as const;
  // execa takes the number of an open file; its types do not say so.
  const child = execa(command.file, command.args, options as never) as unknown as Child & Promise<Outcome>;
  // Not the child itself: it is a promise as well, and would be waited for.
  return { process: child as Child, ended: child.then((outcome) => outcome) };
}

async function lastText(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat();
  const length = Math.min(size, SAID_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8', 0, bytesRead);
}

/** Reads what is new in a file, a bounded piece at a time. */
class FileReader {
  position = 0;
  private readonly handle: FileHandle;
  private readonly buffer = Buffer.alloc(CHUNK_BYTES);

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  async readNew(onChunk: (chunk: Buffer) => void, limit: number): Promise<void> {
    while (this.position < limit) {
      const { bytesRead } = await this.handle.read(this.buffer, 0, CHUNK_BYTES, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      onChunk(this.buffer.subarray(0, bytesRead));
    }
  }
}

/**
 * Runs a command to its end and hands on every line of its stdout. The outcome is returned, whatever it is.
 * Should this process go first, the command goes on undisturbed.
 * @throws the signal's reason when it was aborted before the start; what a listener throws, once the
 * command has ended.
 */
export async function stream(command: StreamedCommand): Promise<StreamEnd> {
  command.signal.throwIfAborted();
  const stdout = await openNameless(command.scratch, 'stdout');
  const stderr = await openNameless(command.scratch, 'stderr');
  try {
    return await follow(command, stdout, stderr);
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
  }
}

/** One SIGINT is a request to stop; a second one would be an order to drop everything. */
function interruptOnce(child: Child): () => void {
  let sent = false;
  return () => {
    if (!sent) child.kill('SIGINT');
    sent = true;
  };
}

/** Keeps the first thing a listener throws until the command has ended, and asks it to end; nobody is told more. */
function guarded(interrupt: () => void) {
  let failure: { thrown: unknown } | undefined;
  const tell =
    <Told>(listener: (told: Told) => void) =>
    (told: Told) => {
      if (failure) return;
      try {
        listener(told);
      } catch (thrown) {
        failure = { thrown };
        interrupt();
      }
    };
  const rethrow = () => {
    if (failure) throw failure.thrown;
  };
  return { tell, rethrow };
}

async function readToEnd(
  ended: Promise<unknown>,
  reader: FileReader,
  lines: LineSplitter,
  limit: number,
  onOverflow: () => Promise<void>,
): Promise<void> {
  let running = true;
  const watched = ended.finally(() => {
    running = false;
  });
  for (let last = false; !last; ) {
    // Looked at before reading: what is read after the end is all there is.
    last = !running;
    await reader.readNew((chunk) => lines.push(chunk), limit);
    if (reader.position >= limit) await onOverflow();
    if (!last) await Promise.race([watched, delay(POLL_MS)]);
  }
  lines.end();
}

async function follow(command: StreamedCommand, stdout: FileHandle, stderr: FileHandle): Promise<StreamEnd> {
  const { signal, maxOutputBytes = MAX_OUTPUT_BYTES, maxLineBytes = MAX_LINE_BYTES } = command;
  const { process: child, ended } = await start(command, stdout, stderr);
  const interrupt = interruptOnce(child);
  const { tell, rethrow } = guarded(interrupt);
  const lines = new LineSplitter(tell(command.onLine), maxLineBytes);
  const reader = new FileReader(stdout);
  if (child.pid !== undefined && command.onStart) tell(command.onStart)(child.pid);
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await readToEnd(ended, reader, lines, maxOutputBytes, async () => {
      interrupt();
      await stdout.truncate(0);
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  rethrow();
  const { exitCode, signal: endedBy, code } = await ended;
  return {
    exitCode,
    endedBy,
    notFound: code === 'ENOENT',
    said: await lastText(stderr),
    droppedLines: lines.dropped,
    overflowed: reader.position >= maxOutputBytes,
  };
}
