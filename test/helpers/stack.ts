import type { TestContext } from 'node:test';
import type { UpResult } from '../../src/stages/local/up.ts';
import { type LocalStack, localStack } from './local-stack.ts';

/** A stack that is up, with results instead of text. */
export interface TestStack extends LocalStack {
  /** Where its parts answer: order API, hub, sandbox. */
  addresses: UpResult;
  /** Runs `oms ... --json` and returns its result; fails when it does not end with 0. */
  json<Result>(...args: string[]): Promise<Result>;
  /** The pid of a process that runs now. */
  pidOf(name: string): number | undefined;
}

/** `oms up` in a folder of its own; everything is gone when the test ends. `env` holds for every command of it. */
export async function startTestStack(t: TestContext, env: Record<string, string> = {}): Promise<TestStack> {
  const stack = localStack(t, env);
  const json = async <Result>(...args: string[]): Promise<Result> => {
    const { code, stdout, stderr } = await stack.run(...args, '--json');
    if (code !== 0) throw new Error(`oms ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout).result;
  };
  const addresses = await json<UpResult>('up');
  const pidOf = (name: string) => stack.state()?.processes.find((one) => one.name === name)?.pid ?? undefined;
  return { ...stack, addresses, json, pidOf };
}
