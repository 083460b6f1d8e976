import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { fastify } from 'fastify';
import { createMetrics } from '../../../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../../../lib/runtime/probes.ts';

async function probe(t: TestContext, checks: Checks, url: string) {
  const app = fastify();
  t.after(() => app.close());
  addProbes(app, createMetrics('test'), checks);
  return app.inject(url);
}

suite('probes', () => {
  test('ready when every dependency is', async (t) => {
    const answer = await probe(t, { hub: async () => ({ ok: true }) }, '/readyz');
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json().checks.hub.ok, true);
  });

  test('not ready when one is away, with its reason', async (t) => {
    const checks: Checks = {
      hub: async () => ({ ok: true }),
      database: () => Promise.reject(new Error('connection refused')),
    };
    const answer = await probe(t, checks, '/readyz');
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.json().checks.database.detail, 'connection refused');
  });

  test('live whatever the dependencies say', async (t) => {
    assert.equal((await probe(t, { hub: async () => ({ ok: false }) }, '/livez')).statusCode, 200);
  });

  test('metrics are in the Prometheus text format', async (t) => {
    const answer = await probe(t, {}, '/metrics');
    assert.match(String(answer.headers['content-type']), /^text\/plain/);
    assert.match(answer.body, /process_cpu_seconds_total\{service="test"\}/);
  });
});
