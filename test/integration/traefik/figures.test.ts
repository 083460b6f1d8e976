import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemote } from '../../../src/adapters/ssh/create-remote.ts';
import { readProxyFigures } from '../../../src/stages/deploy/shift/proxy-metrics.ts';
import { targetOf } from '../../../src/stages/deploy/targets.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { aSite, localHost, withPrograms } from '../../helpers/sites.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { type Backend, reloads, startBackend, startTraefik, traefikName } from '../../helpers/traefik.ts';
import { until } from '../../helpers/until.ts';

const DOCKER = 'case "$1" in ps) [ -z "$OMS_TEST_GONE" ] && echo 0123 ;; inspect) echo "127.0.0.2 127.0.0.1 " ;; esac';

test(`the figures of ${traefikName} are read from the server itself`, async (t) => {
  const backends: Record<string, Backend> = {};
  for (const name of ['web1', 'web2', 'web3', 'oms-producer-a-1', 'oms-producer-a-2']) {
    backends[name] = await startBackend(t, name);
  }
  const traefik = await startTraefik(t, tempFolder(t), backends, { weights: { a: 1, b: 0 } });
  // Few enough that the circuit breaker, which judges by a single answer as well, stays closed.
  for (let n = 0; n < 8; n++) await traefik.ask('GET', '/api/products');
  backends['oms-producer-a-1']!.answer = (_request, response) => response.writeHead(500).end();
  for (let n = 0; n < 8; n++) await traefik.ask('GET', '/api/products');
  await backends['oms-producer-a-2']!.close();
  withPrograms(t, { docker: DOCKER });
  const paths = { folder: tempFolder(t), knownHosts: 'none' };
  const target = targetOf(localHost(), aSite(), paths);
  const context = { ...quietContext(paths.folder), remote: createRemote() };
  const figures = await until('the proxy knows that a server is away', async () => {
    const seen = await readProxyFigures(target, context, traefik.ports.metrics);
    return seen.away.a > 0 ? seen : undefined;
  });
  assert.deepEqual(figures.counts, { a: { requests: 16, failed: 4 }, b: { requests: 0, failed: 0 } });
  assert.equal(figures.reloads, await reloads(traefik));
  await assert.rejects(readProxyFigures(target, context, 1), /figures of its proxy could not be read/);
});
