import type { Outputs } from '../../src/stages/provision/outputs.ts';
import { demoOutputs } from './provisioned.ts';

/** What a run of Terraform has given back, with hubs that have more partitions than were planned. */
export const someOutputs = (changed: Partial<Outputs> = {}): Outputs =>
  demoOutputs({
    hubs: {
      orders: { id: '/orders', partitions: 16, consumer_groups: ['oms-core', 'oms-check'] },
      'order-events': { id: '/order-events', partitions: 16, consumer_groups: ['oms-core'] },
      'orders-dlq': { id: '/orders-dlq', partitions: 2, consumer_groups: ['oms-core'] },
    },
    ...changed,
  });
