import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

test('DEBUG=* shows what goes on, and no frame of AMQP: the first ones hold a token', async (t) => {
  process.env.DEBUG = '*';
  t.after(() => delete process.env.DEBUG);
  const launch = (await import(import.meta.resolve('../../../bin/launch.js'))) as { keepTokensOutOfDebug: () => void };
  launch.keepTokensOutOfDebug();
  const log = createRequire(import.meta.url)('rhea/lib/log.js') as Record<string, { enabled: boolean }>;
  assert.deepEqual(
    Object.entries(log).filter(([, { enabled }]) => enabled),
    [],
  );
  const debug = createRequire(import.meta.resolve('rhea'))('debug') as (name: string) => { enabled: boolean };
  assert.equal(debug('oclif:config').enabled, true);
});
