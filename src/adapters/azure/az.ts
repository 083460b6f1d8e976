import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { AZ, AZ_COMMON, AZ_ENVIRONMENT, cloudShow, isChange, nameOfCall } from '../../tools/az.ts';
import { parseAzError } from '../../tools/az-errors.ts';
import { findVersion } from '../exec/find-version.ts';
import { CommandFailed, run } from '../exec/run.ts';
import { AzFailed, type Cloud, type CloudEndpoints } from './cloud.ts';

export interface AzOptions {
  /** Time a question may take; az's first start on a machine alone has taken nine seconds. */
  deadlineMs: number;
  /** Time a change may take; a storage account takes half a minute to make. */
  changeDeadlineMs: number;
  /** Characters az may print; every provider of a subscription with a query is 60 kB. */
  outputLimit: number;
  /** Calls at a time: each is a Python process with a second of CPU and 100 MB. */
  parallel: number;
  /** Ends the calls that are not given another one. */
  signal?: AbortSignal | undefined;
}

const DEFAULTS: AzOptions = {
  deadlineMs: 60_000,
  changeDeadlineMs: 300_000,
  outputLimit: 16 * 1024 * 1024,
  parallel: 4,
};

const Endpoints = Type.Object({ name: Type.String(), resourceManager: Type.String({ pattern: '^https?://' }) });

/** Lets `size` run at a time; the others wait in the order they came. */
function gate(size: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < size) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function failureOf(name: string, error: unknown, deadline: AbortSignal, seconds: number): unknown {
  if (!(error instanceof CommandFailed)) return error;
  if (deadline.aborted) return new AzFailed(`${name} did not answer within ${seconds} s`, 'Timeout', undefined);
  if (error.overflowed) return new AzFailed(`${name} printed more than it can mean`, 'UnreadableAnswer', undefined);
  if (error.exitCode === undefined && /ENOENT/.test(error.message)) {
    return new AzFailed('az is not installed, or not on PATH', 'AzMissing', undefined);
  }
  const { code, message } = parseAzError(error.stderr);
  return new AzFailed(message || `${name} ended without saying why`, code, error.exitCode);
}

function answerOf<S extends TSchema>(name: string, stdout: string, schema: S): Static<S> {
  let answer: unknown;
  try {
    answer = stdout.trim() === '' ? null : JSON.parse(stdout);
  } catch {
    throw new AzFailed(`${name} printed something that is no JSON`, 'UnreadableAnswer', 0);
  }
  const validator = Compile(schema);
  if (validator.Check(answer)) return answer as Static<S>;
  const [first] = validator.Errors(answer);
  const where = first ? `${first.instancePath || 'the whole'}: ${first.message}` : 'unknown form';
  throw new AzFailed(`${name} gave an answer that cannot be used (${where})`, 'UnreadableAnswer', 0);
}

/** az as a program of the machine: every call has a deadline, a limit on what it prints, and its answer is checked. */
export function createAz(options: Partial<AzOptions> = {}): Pick<Cloud, 'azVersion' | 'az' | 'endpoints'> {
  const { deadlineMs, changeDeadlineMs, outputLimit, parallel, signal: ending } = { ...DEFAULTS, ...options };
  const through = gate(parallel);
  let endpoints: Promise<CloudEndpoints> | undefined;

  async function call(args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted();
    const timeMs = isChange(args) ? changeDeadlineMs : deadlineMs;
    const deadline = AbortSignal.timeout(timeMs);
    const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const command = { file: AZ.command, args: [...args, ...AZ_COMMON], env: { ...AZ_ENVIRONMENT } };
    try {
      return (await run({ ...command, signal: either, ownGroup: true, outputLimit })).stdout;
    } catch (error) {
      signal?.throwIfAborted();
      throw failureOf(nameOfCall(args), error, deadline, timeMs / 1000);
    }
  }

  const az: Cloud['az'] = async (args, schema, signal = ending) =>
    answerOf(nameOfCall(args), await through(() => call(args, signal)), schema);

  async function readEndpoints(): Promise<CloudEndpoints> {
    const { name, resourceManager } = await az(cloudShow(), Endpoints);
    return { name, resourceManager: resourceManager.replace(/\/+$/, '') };
  }

  return {
    azVersion: () => findVersion(AZ, ending),
    az,
    endpoints: () => {
      endpoints ??= readEndpoints().catch((error: unknown) => {
        endpoints = undefined;
        throw error;
      });
      return endpoints;
    },
  };
}
