import type { FastifyInstance } from 'fastify';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import { listenOrStop } from '../../lib/runtime/listen.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import { ApiWatch } from './api/api-watch.ts';
import { OrderApi } from './api/order-api.ts';
import { addAssets, readAssets } from './assets.ts';
import { createServer } from './http/server.ts';
import type { WebParts } from './parts.ts';
import { addRoutes } from './routes.ts';
import { observeRequests } from './web-metrics.ts';

export interface WebOptions {
  /** Where the order API is. */
  apiUrl: string;
  /** What the shop calls itself. */
  shopName: string;
  /** Whether people reach the shop by https. */
  secureCookies: boolean;
  /** Where built styles and scripts are; those of the checkout's build when undefined. */
  assetsDir?: string | undefined;
  /** Port 0 takes any free one. */
  http: { host: string; port: number };
}

/** Pages are served while the order API is away (and say so): its absence is shown, not held against us. */
function readiness(api: OrderApi): Checks {
  const watch = new ApiWatch(() => api.trouble());
  return {
    api: async () => {
      const trouble = await watch.trouble();
      return trouble ? { ok: true, detail: `away: ${trouble}` } : { ok: true };
    },
  };
}

/** The pages as a server that does not listen yet. */
export async function buildApp(parts: WebParts): Promise<FastifyInstance> {
  const app = await createServer(parts);
  observeRequests(app, parts.registry);
  addProbes(app, parts.registry, readiness(parts.api));
  await addAssets(app, parts.assets);
  addRoutes(app, parts);
  return app;
}

export interface RunningWeb extends Running {
  port: number;
}

/** Serves the shop until stopped. It starts without the order API and waits for it. */
export async function startWeb(options: WebOptions, logger: Logger): Promise<RunningWeb> {
  const { apiUrl, shopName, secureCookies, assetsDir, http } = options;
  const assets = readAssets(assetsDir);
  const api = new OrderApi(apiUrl);
  const app = await buildApp({ api, assets, shopName, secureCookies, registry: createMetrics('web'), logger });
  const stop = async () => {
    await app.close();
    await api.close();
  };
  return { port: await listenOrStop(app, http, stop, logger), stop };
}
