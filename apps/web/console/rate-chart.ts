import type { Board, Rate } from '../api/staff.ts';
import { html } from '../html/html.ts';

const WIDTH = 600;
const HEIGHT = 140;

type Series = 'placed' | 'confirmed' | 'failed';

/** 7 -> 10, 34 -> 40: an end of the scale that can be read. */
function ceiling(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 4, 6, 10].map((factor) => factor * step).find((end) => end >= value)!;
}

function points(rates: readonly Rate[], series: Series, top: number): string {
  const step = WIDTH / Math.max(rates.length - 1, 1);
  return rates
    .map((rate, index) => `${(index * step).toFixed(1)},${(HEIGHT - (rate[series] / top) * HEIGHT).toFixed(1)}`)
    .join(' ');
}

const line = (rates: readonly Rate[], series: Series, top: number): string =>
  html`<polyline class="line ${series}" points="${points(rates, series, top)}"/>`;

/** Seconds of a slice; what is drawn is orders a second, so that it does not depend on how finely it was counted. */
const sliceSeconds = ([first, second]: readonly Rate[]): number =>
  first && second ? (Date.parse(second.at) - Date.parse(first.at)) / 1_000 : 1;

/** The last minute as lines, in an SVG that takes its colours from the style sheet. The slice under way is left out. */
export function rateChart({ rates, placed_per_minute, confirmed_per_minute, failed_per_minute }: Board): string {
  const whole = rates.slice(0, -1);
  const most = Math.max(...whole.flatMap(({ placed, confirmed, failed }) => [placed, confirmed, failed]), 1);
  const seconds = sliceSeconds(rates);
  const topRate = ceiling(most / seconds);
  const top = topRate * seconds;
  const said = `Orders of the last minute: ${placed_per_minute} placed, ${confirmed_per_minute} confirmed, ${failed_per_minute} failed; at most ${most} in ${seconds} seconds`;
  return html`<div class="chart"><span class="chart-top" aria-hidden="true">${topRate}/s</span>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said}">
<path class="grid" d="M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}"/>
<polygon class="area placed" points="0,${HEIGHT} ${points(whole, 'placed', top)} ${WIDTH},${HEIGHT}"/>
!${(['placed', 'confirmed', 'failed'] as const).map((series) => line(whole, series, top))}</svg>
<p class="chart-ends small muted" aria-hidden="true"><span>a minute ago</span><span>now</span></p></div>`;
}
