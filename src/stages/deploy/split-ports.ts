import type { Colour } from './services.ts';

/**
 * Where producers of a site of several hosts are reached from its web hosts: the first port of a range on the private
 * address, one port a replica (compose.split.yaml publishes `<first>-<first + replicas - 1>:8080`).
 */
export const PRODUCER_SPLIT_PORTS = { a: 9_100, b: 9_120 } as const satisfies Record<Colour, number>;

/** The same of consumers, for their metrics. */
export const CONSUMER_SPLIT_PORTS = { a: 9_140, b: 9_160 } as const satisfies Record<Colour, number>;

/** What else compose.split.yaml publishes on the private address. */
export const SPLIT_PORTS = { mysql: 3_306, hub: 5_672, blobs: 10_000, sandbox: 8_080, notifier: 9_180 } as const;

/** Every app and web server listens on it inside its container. */
export const CONTAINER_PORT = 8080;
