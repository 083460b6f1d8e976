import type { Answer } from '../../api/questions.ts';
import { html } from '../../html/html.ts';

const WIDTH = 600;
const HEIGHT = 140;
const TIMES = new Set(['day', 'week', 'month', 'quarter', 'year', 'hour_of_day', 'weekday']);

export interface Measured {
  /** Index of the column. */
  at: number;
  values: number[];
  greatest: number;
}

/** The first amount that lengths can stand for: none is negative, one is more than nothing. */
export function measured({ kinds, units, rows }: Answer): Measured | undefined {
  const at = kinds.indexOf('metric');
  if (at < 0 || rows.length < 2 || ['timestamp', 'text'].includes(units[at]!)) return undefined;
  const values = rows.map((row) => Number(row[at] ?? 0));
  const greatest = Math.max(...values);
  return greatest > 0 && Math.min(...values) >= 0 ? { at, values, greatest } : undefined;
}

/** The rows are values over time, and enough of them. */
export const isSeries = ({ plan, rows }: Answer): boolean =>
  plan.dimensions.length === 1 && TIMES.has(plan.dimensions[0]!) && rows.length > 2;

/** How much of the greatest value this is, as a bar in a cell; the number stands beside it. */
export const shareBar = (value: number, greatest: number): string =>
  html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${((value / greatest) * 100).toFixed(1)}" height="8"/></svg>`;

/** Columns over time. @param said what the chart shows, for who does not see it */
export function columns({ values, greatest }: Measured, said: string, top: string, ends: readonly [string, string]) {
  const step = WIDTH / values.length;
  const gap = Math.min(4, step / 4);
  const one = (value: number, index: number) => {
    const height = (value / greatest) * HEIGHT;
    return html`<rect x="${(index * step + gap / 2).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step - gap).toFixed(1)}" height="${height.toFixed(1)}"/>`;
  };
  return html`<div class="chart"><span class="chart-top" aria-hidden="true">${top}</span>
<svg class="columns" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said}">
<path class="grid" d="M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}"/>!${values.map(one)}</svg>
<p class="chart-ends small muted" aria-hidden="true"><span>${ends[0]}</span><span>${ends[1]}</span></p></div>`;
}
