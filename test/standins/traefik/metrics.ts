import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST = ['code', 'method', 'protocol'] as const;

/** Traefik's names and labels; services are called `<name>@file`. */
export function createMetrics(buckets: number[]) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `traefik_${name}`, help: `${name} (stand-in)`, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `traefik_${name}`, help: `${name} (stand-in)`, labelNames: [...labelNames], registers });
  const seconds = <L extends string>(name: string, labelNames: readonly L[]) =>
    new Histogram<L>({
      ...{ name: `traefik_${name}`, help: `${name} (stand-in)`, buckets, registers },
      labelNames: [...labelNames],
    });
  return {
    registry,
    reloads: counter('config_reloads_total'),
    lastReload: gauge('config_last_reload_success'),
    entryPointRequests: counter('entrypoint_requests_total', [...REQUEST, 'entrypoint']),
    entryPointSeconds: seconds('entrypoint_request_duration_seconds', [...REQUEST, 'entrypoint']),
    serviceRequests: counter('service_requests_total', [...REQUEST, 'service']),
    serviceSeconds: seconds('service_request_duration_seconds', [...REQUEST, 'service']),
    serviceRetries: counter('service_retries_total', ['service']),
    serverUp: gauge('service_server_up', ['service', 'url']),
  };
}
export type ProxyMetrics = ReturnType<typeof createMetrics>;
