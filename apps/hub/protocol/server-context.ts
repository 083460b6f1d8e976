import type { Logger } from '../../../lib/runtime/logger.ts';
import type { Broker } from '../broker/broker.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import type { Authenticator } from './auth.ts';
import type { ChunkPool } from './output.ts';
import type { Pressure } from './pressure.ts';

/** What every connection works with. */
export interface ServerContext {
  broker: Broker;
  auth: Authenticator;
  pressure: Pressure;
  chunks: ChunkPool;
  faults: FaultSwitches;
  logger: Logger;
  /** Counts events handed to readers. */
  delivered(hub: string, events: number): void;
}
