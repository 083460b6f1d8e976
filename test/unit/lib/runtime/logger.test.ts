import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const LOGGER = new URL('../../../../lib/runtime/logger.ts', import.meta.url).href;

/** What a process prints that logs `expression` once. */
function logged(expression: string): Record<string, unknown> {
  const script = `import { createLogger } from ${JSON.stringify(LOGGER)};
    createLogger('test').info(${expression}, 'said');`;
  const line = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(line);
}

test('a line has its level as a word, the service and the time in UTC', () => {
  const { level, service, msg, time } = logged('{}');
  assert.deepEqual({ level, service, msg }, { level: 'info', service: 'test', msg: 'said' });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('secrets are not written, one level down neither', () => {
  const { password, options } = logged("{ password: 'p', options: { token: 't', host: 'h' } }");
  assert.equal(password, '[redacted]');
  assert.deepEqual(options, { token: '[redacted]', host: 'h' });
});

test('the statement of a database error is left out: it holds what customers wrote, for hundreds of orders', () => {
  const { err } = logged("{ err: Object.assign(new Error('deadlock'), { errno: 1213, sql: 'INSERT ...' }) }");
  const { message, errno, sql } = err as Record<string, unknown>;
  assert.deepEqual({ message, errno, sql }, { message: 'deadlock', errno: 1213, sql: '[redacted]' });
});
