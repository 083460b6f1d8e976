import { join } from 'node:path';
import { startHub } from '../../../apps/hub/app.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { HUBS } from '../../../src/stages/provision/topology.ts';
import type { Certificates } from '../../helpers/certificates.ts';
import { connectionString } from '../../helpers/hub.ts';
import { startTlsFront } from '../../helpers/tls-front.ts';
import type { Scope } from './scope.ts';

/** What a hub here has where the sizing decides in Azure; clients ask and take what they are told. */
const PARTITIONS = 8;

export interface EventHubsStandin {
  /** For --gateway: AMQP over TLS. */
  gateway: string;
  /** Without TLS, for what runs beside it. */
  connectionString: string;
}

/** The local hub in the place of every namespace; it takes any token. */
export async function startEventHubs(folder: string, certificates: Certificates, scope: Scope) {
  const hub = await startHub(
    {
      host: '127.0.0.1',
      port: 0,
      httpPort: 0,
      dataDir: join(folder, 'hub'),
      hubs: HUBS.map(({ name, partitions, consumerGroups }) => ({
        name,
        partitions: partitions === 'sized' ? PARTITIONS : partitions,
        consumerGroups: [...consumerGroups],
      })),
      accessKey: null,
    },
    createLogger('hub', 'silent'),
  );
  scope.after(() => hub.stop());
  const port = await startTlsFront(scope, hub.port, certificates);
  return { gateway: `sb://localhost:${port}`, connectionString: connectionString(hub.port) } satisfies EventHubsStandin;
}
