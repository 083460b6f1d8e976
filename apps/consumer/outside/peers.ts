import type { ExternalOp } from '../../../lib/process/external-op.ts';
import { Circuit } from '../../../lib/runtime/circuit.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { OutsideMetrics } from './outside-metrics.ts';
import type { Performer } from './performer.ts';

/** Who answers a request, with what is known of how they are. */
export interface Peer {
  performer: Performer;
  circuit: Circuit;
  /** As events name it: `/psp/<name>` or `/carrier/<name>`. */
  source: string;
}

const isForCarrier = (op: ExternalOp): op is ExternalOp<'label' | 'void_label' | 'pickup' | 'return_label'> =>
  'carrier' in op.request;

/** The adapters by what they do: one for payments, any number of carriers, told apart by the request's `carrier`. */
export class Peers {
  readonly #payments: Peer | undefined;
  readonly #carriers = new Map<string, Peer>();
  readonly #metrics: OutsideMetrics;
  readonly #logger: Logger;

  constructor(performers: readonly Performer[], metrics: OutsideMetrics, logger: Logger) {
    this.#metrics = metrics;
    this.#logger = logger;
    for (const performer of performers) {
      metrics.circuitOpen.set({ peer: performer.name }, 0);
      const pays = performer.kinds.includes('authorize');
      const peer = { performer, circuit: new Circuit(), source: `/${pays ? 'psp' : 'carrier'}/${performer.name}` };
      if (pays) this.#payments = peer;
      else this.#carriers.set(performer.name, peer);
    }
  }

  get isEmpty(): boolean {
    return this.#payments === undefined && this.#carriers.size === 0;
  }

  /** @returns undefined when nobody is registered for the request */
  for(op: ExternalOp): Peer | undefined {
    return isForCarrier(op) ? this.#carriers.get(op.request.carrier) : this.#payments;
  }

  answered(peer: Peer): void {
    if (!peer.circuit.succeeded(Date.now())) return;
    this.#metrics.circuitOpen.set({ peer: peer.performer.name }, 0);
    this.#logger.info({ peer: peer.performer.name }, 'answers again');
  }

  failed(peer: Peer, error: Error): void {
    if (!peer.circuit.failed(Date.now())) return;
    this.#metrics.circuitOpen.set({ peer: peer.performer.name }, 1);
    this.#logger.warn(
      { err: error, peer: peer.performer.name },
      'does not answer: calls stop but for a try now and then',
    );
  }

  async close(): Promise<void> {
    const all = [...this.#carriers.values(), ...(this.#payments ? [this.#payments] : [])];
    await Promise.all(all.map(({ performer }) => performer.close()));
  }
}
