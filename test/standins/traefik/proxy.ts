import { readFileSync, watch } from 'node:fs';
import { createAccessLog } from './access-log.ts';
import { type KeyPair, RunningEntryPoint } from './entry-point.ts';
import { type Handler, plain } from './exchange.ts';
import { Forwarder } from './forward.ts';
import { createMetrics } from './metrics.ts';
import { createRouting, type Routing } from './routing.ts';
import { selfSigned } from './self-signed.ts';
import type { DynamicSettings } from './settings/dynamic.ts';
import { loadDynamic } from './settings/load.ts';
import { milliseconds } from './settings/shape.ts';
import type { StaticSettings } from './settings/static.ts';

export type Log = (level: string, message: string, facts?: object) => void;

/** Several files are replaced one after another: one reload for them all, as Traefik's own throttle. */
const SETTLE_MS = 50;
const BUCKETS = [0.1, 0.3, 1.2, 5];

/** The stand-in at work: entry points, routes that follow the folder, metrics. */
export class StandinProxy {
  readonly #settings: StaticSettings;
  readonly #log: Log;
  readonly #metrics;
  readonly #forwarder: Forwarder;
  readonly #entryPoints: RunningEntryPoint[] = [];
  readonly #own = selfSigned('traefik-standin.default');
  #routing: Routing;
  #checks = new AbortController();
  #pair: KeyPair;
  #watcher: ReturnType<typeof watch> | undefined;
  #stopping = false;
  #last = '';

  /** @throws {Error} for a key or a name in the folder's files that is not known */
  constructor(settings: StaticSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#metrics = createMetrics(settings.metrics?.prometheus.buckets ?? BUCKETS);
    const { forwardingTimeouts = {}, maxIdleConnsPerHost = 200 } = settings.serversTransport ?? {};
    const timeouts = {
      dialMs: milliseconds(forwardingTimeouts.dialTimeout, '30s'),
      responseHeaderMs: milliseconds(forwardingTimeouts.responseHeaderTimeout, 0) || 2 ** 30,
      idleMs: milliseconds(forwardingTimeouts.idleConnTimeout, '90s'),
    };
    this.#forwarder = new Forwarder(timeouts, maxIdleConnsPerHost);
    const dynamic = loadDynamic(settings.providers.file.directory);
    this.#routing = this.#build(dynamic, this.#checks.signal);
    this.#pair = this.#pairOf(dynamic);
    this.#accept(dynamic);
  }

  /** @returns the port of each entry point */
  async start(): Promise<Record<string, number>> {
    const accessLog = createAccessLog(this.#settings.accessLog);
    const ports: Record<string, number> = {};
    for (const [name, settings] of Object.entries(this.#settings.entryPoints)) {
      const running = new RunningEntryPoint(name, settings, this.#handle, this.#pair, (request, response, begun) => {
        const labels = { code: String(response.status), method: request.method, protocol: 'http', entrypoint: name };
        this.#metrics.entryPointRequests.inc(labels);
        this.#metrics.entryPointSeconds.observe(labels, (performance.now() - begun) / 1_000);
        if (request.notes.router) accessLog(request, response, begun);
      });
      ports[name] = await running.listen();
      this.#entryPoints.push(running);
    }
    this.#follow();
    return ports;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#watcher?.close();
    await Promise.all(this.#entryPoints.map((entryPoint) => entryPoint.stop()));
    this.#checks.abort();
    this.#forwarder.close();
  }

  #handle: Handler = async (request) => {
    const { ping, metrics } = this.#settings;
    if (request.entryPoint === ping?.entryPoint && request.path === '/ping') {
      return this.#stopping ? plain(ping.terminatingStatusCode ?? 503, 'Service Unavailable') : plain(200, 'OK');
    }
    if (request.entryPoint === metrics?.prometheus.entryPoint && request.path === '/metrics') {
      const { registry } = this.#metrics;
      return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() };
    }
    return this.#routing.handle(request);
  };

  #build(settings: DynamicSettings, signal: AbortSignal): Routing {
    const parts = { forwarder: this.#forwarder, metrics: this.#metrics, log: this.#log, signal };
    return createRouting(settings, this.#settings.entryPoints, parts);
  }

  #pairOf({ tls }: DynamicSettings): KeyPair {
    const files = tls?.certificates?.[0] ?? tls?.stores?.default.defaultCertificate;
    const read = (file: string) => readFileSync(file, 'utf8');
    const pair = files ? { cert: read(files.certFile), key: read(files.keyFile) } : this.#own;
    const minVersion = tls?.options?.default.minVersion === 'VersionTLS13' ? 'TLSv1.3' : 'TLSv1.2';
    return { ...pair, minVersion };
  }

  #accept(settings: DynamicSettings): void {
    this.#last = JSON.stringify(settings);
    this.#metrics.reloads.inc();
    this.#metrics.lastReload.setToCurrentTime();
  }

  #follow(): void {
    const { directory, watch: follows = true } = this.#settings.providers.file;
    if (!follows) return;
    let timer: NodeJS.Timeout | undefined;
    this.#watcher = watch(directory, () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#reload(directory), SETTLE_MS);
    });
  }

  /** Files that are wrong change nothing: what was is kept, and the log says why. */
  #reload(directory: string): void {
    const checks = new AbortController();
    try {
      const settings = loadDynamic(directory);
      const pair = this.#pairOf(settings);
      if (JSON.stringify(settings) === this.#last && pair.cert === this.#pair.cert) return;
      this.#routing = this.#build(settings, checks.signal);
      this.#pair = pair;
      this.#checks.abort();
      this.#checks = checks;
      for (const entryPoint of this.#entryPoints) entryPoint.setCertificate(pair);
      this.#accept(settings);
      this.#log('INF', 'Configuration loaded');
    } catch (error) {
      checks.abort();
      this.#log('ERR', 'Configuration refused, the last one stays', { error: (error as Error).message });
    }
  }
}
