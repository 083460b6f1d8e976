import assert from 'node:assert/strict';
import { Compile } from 'typebox/compile';
import { AzFailed, type Cloud, type Management } from '../../src/adapters/azure/cloud.ts';
import { parseAzError } from '../../src/tools/az-errors.ts';
import type { AzAnswer } from './fake-az.ts';

const holds = (args: readonly string[], words: string) => ` ${args.join(' ')} `.includes(` ${words} `);

/** An answer, or what makes it out of the call. */
export type CloudAnswer = AzAnswer | { when: string; reply: (args: readonly string[]) => Omit<AzAnswer, 'when'> };

/** Azure out of a table of answers, without processes: what az would print is checked and thrown as the real one does. */
export function fakeCloud(
  answers: readonly CloudAnswer[],
  options: { version?: string | undefined; management?: Partial<Management> } = { version: '2.45.0' },
): Cloud & { calls: string[][] } {
  const calls: string[][] = [];
  const az: Cloud['az'] = async (args, schema, signal) => {
    signal?.throwIfAborted();
    calls.push([...args]);
    const found = answers.find(({ when }) => holds(args, when));
    assert.ok(found, `nobody expected: az ${args.join(' ')}`);
    const answer = 'reply' in found ? found.reply(args) : found;
    if (answer.stderr !== undefined) {
      const { code, message } = parseAzError(answer.stderr);
      throw new AzFailed(message, code, answer.code ?? 1);
    }
    const value = answer.json ?? null;
    assert.ok(Compile(schema).Check(value), `unfit for its schema: az ${args.join(' ')}`);
    return value as never;
  };
  return {
    calls,
    az,
    azVersion: async () => options.version,
    endpoints: async () => ({ name: 'AzureCloud', resourceManager: 'https://management.azure.com' }),
    management: async () => ({ namespaceNameFree: async () => ({ free: true }), ...options.management }) as Management,
    canary: () => Promise.reject(new Error('no canary here')),
  };
}
