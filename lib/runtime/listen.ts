import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './logger.ts';

/** What fastify has of a server, as far as it is needed here. */
export interface Listener {
  server: Server;
  listen(place: { host: string; port: number }): Promise<string>;
}

/**
 * Listens, and says where.
 * @param place port 0 takes any free one.
 * @param stop undoes what was started before, where the port cannot be had.
 * @param message for the log, beside host and port.
 * @returns the port.
 * @throws what listening threw, once everything has stopped.
 */
export async function listenOrStop(
  app: Listener,
  place: { host: string; port: number },
  stop: () => Promise<void>,
  logger: Logger,
  message = 'listening',
): Promise<number> {
  try {
    await app.listen(place);
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  logger.info({ host: place.host, port }, message);
  return port;
}
