import { type Static, Type } from 'typebox';
import { EnvironmentError, Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';

/** What the hub's process takes from its environment. */
export const HubEnv = Type.Object({
  OMS_HUB_HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  OMS_HUB_PORT: Port({ default: 5672 }),
  OMS_HUB_TLS_PORT: Port({ default: 5671 }),
  OMS_HUB_TLS_CERT: Type.Optional(
    Type.String({ description: 'certificate and chain, PEM; with it the hub takes TLS' }),
  ),
  OMS_HUB_TLS_KEY: Type.Optional(Type.String({ description: 'private key of the certificate, PEM' })),
  OMS_HUB_HTTP_PORT: Port({ default: 5300 }),
  OMS_HUB_DATA_DIR: Type.String({ description: 'folder that keeps the events' }),
  OMS_HUB_CONFIG: Type.Optional(
    Type.String({ description: "JSON file with the hubs, or the official emulator's Config.json" }),
  ),
  OMS_HUB_CREATE: Type.Optional(Type.String({ description: 'hubs to have, as in orders=4,returns=2' })),
  OMS_HUB_KEY_NAME: Type.String({ default: 'oms' }),
  OMS_HUB_KEY: Type.Optional(Type.String({ description: 'without it any token is accepted' })),
  OMS_HUB_CAPTURE_STORAGE: Type.Optional(
    Type.String({ description: 'storage account for captured hubs whose configuration names none' }),
  ),
  OMS_LOG_LEVEL: Type.Union(
    LOG_LEVELS.map((level) => Type.Literal(level)),
    { default: 'info' },
  ),
});
export type HubEnv = Static<typeof HubEnv>;

/** The secure port a hub is asked for. @throws {EnvironmentError} when certificate or key is missing */
export function tlsOf(env: HubEnv): { tls?: { port: number; cert: string; key: string } } {
  const { OMS_HUB_TLS_CERT: cert, OMS_HUB_TLS_KEY: key, OMS_HUB_TLS_PORT: port } = env;
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) {
    throw new EnvironmentError('environment: TLS needs both OMS_HUB_TLS_CERT and OMS_HUB_TLS_KEY');
  }
  return { tls: { port, cert, key } };
}
