import { basename, dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { OmsError } from '../../errors.ts';
import { isWithheld, TERRAFORM, terraformEnvironment, UI_MAJOR } from '../../tools/terraform.ts';
import { type FailedRun, terraformFailure } from '../../tools/terraform-failures/failure.ts';
import type { Diagnostic } from '../../tools/terraform-messages.ts';
import { type StreamEnd, stream } from '../exec/stream.ts';
import { packageVersion } from '../files/assets.ts';
import type { OnMessage } from './engine.ts';
import { parseMessage } from './messages.ts';
import { plainErrors } from './plain-error.ts';

/** What all calls of one engine share. */
export interface Invocation {
  program: string;
  debug: boolean;
  correlationId: string;
}

export interface CallOptions {
  folder: string;
  secrets?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onStart?: (pid: number) => void;
}

/** A plan as JSON is one line. */
const MAX_JSON_BYTES = 64 << 20;

/** 128 + SIGKILL, as a shell or a container runtime reports it. */
const KILLED = 137;

/** The folder is `.oms/<name>/terraform`. */
const runOf = (folder: string): FailedRun => ({ environment: basename(dirname(folder)) });

function startIn(invocation: Invocation, args: readonly string[], options: CallOptions) {
  const { program, debug, correlationId } = invocation;
  const { folder, secrets, signal, onStart } = options;
  return {
    file: program,
    args,
    cwd: folder,
    scratch: folder,
    env: terraformEnvironment({ version: packageVersion(), correlationId, secrets }),
    withhold: (name: string) => isWithheld(name, debug),
    signal,
    onStart,
  };
}

function requireStarted({ notFound }: StreamEnd): void {
  if (!notFound) return;
  throw new OmsError('tool_missing', 'there is no terraform on this machine', {
    why: `${TERRAFORM.neededBy.join(' and ')} need Terraform ${TERRAFORM.minimum} or newer`,
    next: [TERRAFORM.hint, 'oms doctor'],
  });
}

const killed = ({ environment }: FailedRun) =>
  new OmsError('terraform_failed', 'Terraform was killed from outside (exit code 137)', {
    why: 'most often the system had no memory left; it could neither release the lock nor write down its last steps',
    next: [
      `oms provision --env ${environment}   (names the lock when it is still held)`,
      'give the machine or the container more memory',
    ],
  });

const overflowing = () =>
  new OmsError('terraform_failed', 'Terraform wrote more than can be read and was asked to stop', {
    why: 'output without an end is no plan and no apply; the program on the search path may be another one',
    next: ['which terraform', 'terraform version'],
  });

/** @throws {OmsError} unless it ended with 0 or one of the codes that are fine as well. */
function judge(end: StreamEnd, diagnostics: readonly Diagnostic[], options: CallOptions, fine: readonly number[] = []) {
  requireStarted(end);
  if (end.overflowed) throw overflowing();
  if (end.exitCode === 0 || fine.includes(end.exitCode ?? -1)) return end.exitCode;
  const run = runOf(options.folder);
  if (end.exitCode === KILLED || end.endedBy === 'SIGKILL') throw killed(run);
  options.signal.throwIfAborted();
  const told = diagnostics.some(({ severity }) => severity === 'error') ? diagnostics : plainErrors(end.said);
  throw terraformFailure(told, run);
}

function requireKnownUi(ui: string | undefined): void {
  if (ui === undefined || ui.split('.')[0] === UI_MAJOR) return;
  throw new OmsError('tool_missing', `this Terraform speaks version ${ui} of its machine-readable output`, {
    why: `oms understands ${UI_MAJOR}.x; going on would mean guessing what Terraform does`,
    next: [`install Terraform 1.x: ${TERRAFORM.hint}`, 'terraform version'],
  });
}

/**
 * A command with `-json` that prints a message a line.
 * @returns its exit code, one of 0 and `fine`.
 */
export async function runWithMessages(
  invocation: Invocation,
  args: readonly string[],
  options: CallOptions & { onMessage: OnMessage },
  fine: readonly number[] = [],
): Promise<number | undefined> {
  const diagnostics: Diagnostic[] = [];
  const onLine = (line: string) => {
    const message = parseMessage(line);
    if (message.type === 'version') requireKnownUi(message.ui);
    if (message.diagnostic) diagnostics.push(message.diagnostic);
    options.onMessage(message);
  };
  const end = await stream({ ...startIn(invocation, args, options), onLine });
  return judge(end, diagnostics, options, fine);
}

/** A command without messages. @returns the lines of its stdout. */
export async function runForPeople(
  invocation: Invocation,
  args: readonly string[],
  options: CallOptions,
): Promise<string[]> {
  const lines: string[] = [];
  const command = { ...startIn(invocation, args, options), maxLineBytes: MAX_JSON_BYTES };
  const end = await stream({ ...command, onLine: (line) => lines.push(line) });
  judge(end, [], options);
  return lines;
}

/** A command that prints one JSON document. */
export async function readJsonOutput<S extends TSchema>(
  invocation: Invocation,
  args: readonly string[],
  options: CallOptions,
  schema: S,
): Promise<Static<S>> {
  const lines = await runForPeople(invocation, args, options);
  const value = parse(lines.join('\n'));
  const validator = Compile(schema);
  if (validator.Check(value)) return value as Static<S>;
  const [problem] = validator.Errors(value);
  throw new OmsError('terraform_failed', `terraform ${args[0]} answered with something else than expected`, {
    ...(problem && { why: `${problem.instancePath || 'the answer'} ${problem.message}` }),
    next: ['terraform version', 'oms doctor'],
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
