import { Counter, Gauge, type Registry } from '../../../lib/runtime/metrics.ts';

/** What is measured of Capture. */
export interface CaptureMetrics {
  files: Counter<'hub'>;
  events: Counter<'hub'>;
  bytes: Counter<'hub'>;
  failures: Counter<'hub'>;
  /** Asks for these figures whenever they are scraped. */
  watch(read: () => CaptureBacklog[]): void;
}

/** How far a hub's archive is behind its log. */
export interface CaptureBacklog {
  hub: string;
  /** In no file yet, those of open windows among them. */
  waitingEvents: number;
  /** Since the oldest open window should have been closed. */
  behindSeconds: number;
}

export function createCaptureMetrics(registry: Registry): CaptureMetrics {
  const registers = [registry];
  const labelNames = ['hub'] as const;
  return {
    files: new Counter({
      name: 'oms_hub_capture_files_total',
      help: 'Files written to the archive',
      labelNames,
      registers,
    }),
    events: new Counter({ name: 'oms_hub_capture_events_total', help: 'Events in these files', labelNames, registers }),
    bytes: new Counter({ name: 'oms_hub_capture_bytes_total', help: 'Bytes of these files', labelNames, registers }),
    failures: new Counter({
      name: 'oms_hub_capture_failures_total',
      help: 'Windows that could not be written and were tried again',
      labelNames,
      registers,
    }),
    watch(read) {
      gauge(registry, 'oms_hub_capture_waiting_events', 'Events that are in no file yet', () =>
        read().map(({ hub, waitingEvents }) => [hub, waitingEvents]),
      );
      gauge(registry, 'oms_hub_capture_behind_seconds', 'Since the oldest open window should have been closed', () =>
        read().map(({ hub, behindSeconds }) => [hub, behindSeconds]),
      );
    },
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => Array<[hub: string, value: number]>): void {
  new Gauge({
    name,
    help,
    labelNames: ['hub'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [hub, value] of read()) this.set({ hub }, value);
    },
  });
}
