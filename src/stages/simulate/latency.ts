import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { type Static, Type } from 'typebox';

/** Percentiles in milliseconds; null while nothing was measured. */
export const Percentiles = Type.Object({
  count: Type.Integer(),
  p50: Type.Union([Type.Number(), Type.Null()]),
  p90: Type.Union([Type.Number(), Type.Null()]),
  p99: Type.Union([Type.Number(), Type.Null()]),
  p999: Type.Union([Type.Number(), Type.Null()]),
  max: Type.Union([Type.Number(), Type.Null()]),
});
export type Percentiles = Static<typeof Percentiles>;

const HOUR_US = 3_600_000_000;

/** Latencies from 1 us to 1 h at three significant digits (an HDR histogram). */
export class Latency {
  private readonly histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: HOUR_US, figures: 3 });

  record(ms: number): void {
    this.histogram.record(Math.min(Math.max(Math.round(ms * 1_000), 1), HOUR_US));
  }

  get percentiles(): Percentiles {
    const { count } = this.histogram;
    const at = (percentile: number) => (count > 0 ? this.histogram.percentile(percentile) / 1_000 : null);
    const max = count > 0 ? this.histogram.max / 1_000 : null;
    return { count, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max };
  }
}
