import type { Colour } from './services.ts';

/**
 * Where producers of a site of several hosts are reached from its web hosts: the first port of a range on the private
 * address, one port a replica (compose.split.yaml publishes `<first>-<first + replicas - 1>:8080`).
 */
export const PRODUCER_SPLIT_PORTS = { a: 9_100, b: 9_120 } as const satisfies Record<Colour, number>;

/** Every app and web server listens on it inside its container. */
export const CONTAINER_PORT = 8080;
