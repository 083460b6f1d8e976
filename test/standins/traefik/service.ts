import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Balancer } from './balancer.ts';
import { type Handler, type ProxyResponse, plain } from './exchange.ts';
import type { Forwarder } from './forward.ts';
import { lookup } from './lookup.ts';
import type { ProxyMetrics } from './metrics.ts';
import type { HealthCheck, LoadBalancer, Service, Weighted } from './settings/dynamic.ts';
import { milliseconds } from './settings/shape.ts';

export interface RunningService {
  handle: Handler;
  isUp(): boolean;
}

export interface ServiceParts {
  forwarder: Forwarder;
  metrics: ProxyMetrics;
  log: (level: string, message: string, facts?: object) => void;
  /** Ends the health checks. */
  signal: AbortSignal;
}

const NOBODY = (): ProxyResponse => plain(503, 'no available server');

/** With a connection of its own: one that was kept open says nothing of a server that has gone since. */
function isHealthy(server: URL, path: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]);
  return new Promise((resolve) => {
    const asking = get(new URL(path, server), { agent: false, lookup, signal: deadline }, ({ statusCode }) => {
      asking.destroy();
      resolve(statusCode! >= 200 && statusCode! < 400);
    });
    asking.on('error', () => resolve(false));
  });
}

/** A service with servers of its own. As in Traefik all are up until a check says otherwise. */
class Servers implements RunningService {
  readonly #name: string;
  readonly #parts: ServiceParts;
  readonly #all: readonly string[];
  readonly #up: Set<string>;
  readonly #balancer: Balancer<string>;

  constructor(name: string, { servers, healthCheck }: LoadBalancer, parts: ServiceParts) {
    this.#name = `${name}@file`;
    this.#parts = parts;
    this.#all = servers.map(({ url }) => url);
    this.#up = new Set(this.#all);
    this.#balancer = new Balancer(servers.map(({ url, weight = 1 }) => ({ target: url, weight })));
    if (!healthCheck) return;
    const { interval, unhealthyInterval } = healthCheck;
    void this.#watch(healthCheck, true, milliseconds(interval, '30s'));
    void this.#watch(healthCheck, false, milliseconds(unhealthyInterval ?? interval, '30s'));
  }

  isUp(): boolean {
    return this.#up.size > 0;
  }

  /** Looks after those that are up, or after those that are not: each kind has an interval of its own. */
  async #watch({ path, timeout }: HealthCheck, up: boolean, everyMs: number): Promise<void> {
    const { signal, log, metrics } = this.#parts;
    const wait = () => delay(everyMs, true, { signal, ref: false }).catch(() => false);
    while (await wait()) {
      for (const url of this.#all.filter((candidate) => this.#up.has(candidate) === up)) {
        const healthy = await isHealthy(new URL(url), path, milliseconds(timeout, '5s'), signal);
        if (signal.aborted) return;
        if (!healthy) log('WRN', 'Health check failed.', { serviceName: this.#name, targetURL: url });
        if (healthy) this.#up.add(url);
        else this.#up.delete(url);
        metrics.serverUp.set({ service: this.#name, url }, healthy ? 1 : 0);
      }
    }
  }

  handle: Handler = async (request) => {
    const url = this.#balancer.next((candidate) => this.#up.has(candidate));
    if (url === undefined) return NOBODY();
    const { forwarder, metrics } = this.#parts;
    Object.assign(request.notes, { service: this.#name, server: url });
    const begun = performance.now();
    const answer = await forwarder.forward(new URL(url), request);
    const labels = {
      ...{ code: String(answer.status), method: request.method },
      ...{ protocol: 'http', service: this.#name },
    };
    metrics.serviceRequests.inc(labels);
    metrics.serviceSeconds.observe(labels, (performance.now() - begun) / 1_000);
    return answer;
  };
}

function weightedService({ services, healthCheck }: Weighted, find: (name: string) => RunningService): RunningService {
  const balancer = new Balancer(services.map(({ name, weight }) => ({ target: find(name), weight })));
  const isUp = (service: RunningService) => healthCheck === undefined || service.isUp();
  return {
    isUp: () => services.some(({ name, weight }) => weight > 0 && find(name).isUp()),
    handle: async (request) => (await balancer.next(isUp)?.handle(request)) ?? NOBODY(),
  };
}

/** All services of a configuration, with their health checks running until the signal. */
export function startServices(services: Record<string, Service>, parts: ServiceParts): Map<string, RunningService> {
  const running = new Map<string, RunningService>();
  const find = (name: string): RunningService => {
    const known = running.get(name);
    if (known) return known;
    const settings = Object.hasOwn(services, name) ? services[name]! : undefined;
    if (!settings) throw new Error(`the service ${name} does not exist`);
    if (Object.keys(settings).length !== 1) throw new Error(`the service ${name} has to be of exactly one kind`);
    const service = settings.loadBalancer
      ? new Servers(name, settings.loadBalancer, parts)
      : weightedService(settings.weighted!, find);
    running.set(name, service);
    return service;
  };
  for (const name of Object.keys(services)) find(name);
  return running;
}
