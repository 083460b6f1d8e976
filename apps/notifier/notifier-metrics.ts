import { Counter, type Registry } from '../../lib/runtime/metrics.ts';

/** The figures of the notifier: what was sent where, which documents were made. */
export function notifierMetrics(registry: Registry) {
  const registers = [registry];
  return {
    messages: new Counter({
      name: 'notifier_messages_total',
      help: 'Messages by channel and what came of handing them over',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    documents: new Counter({
      name: 'notifier_documents_total',
      help: 'Documents by kind and what came of making them',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
  };
}
export type NotifierMetrics = ReturnType<typeof notifierMetrics>;
