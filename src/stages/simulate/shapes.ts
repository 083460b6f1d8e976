import type { Shape } from '../../config/simulate-choices.ts';
import type { Random } from '../workload/random.ts';

/** How far through the run (0 to 1), and the rate there as a share of the peak. Two points at one place are a jump. */
export type Point = readonly [at: number, level: number];

const SALE_TEETH = 5;

/** A plateau of teeth: each deal brings everybody at once (x3), then interest falls until the next. */
const teeth = (from: number, to: number): Point[] =>
  Array.from({ length: SALE_TEETH }, (_, tooth): Point[] => {
    const at = (n: number) => from + ((to - from) * n) / SALE_TEETH;
    return [
      [at(tooth), 1],
      [at(tooth + 1), 1 / 3],
    ];
  }).flat();

/** The rate over a run, as straight lines between points. */
export const SHAPE_POINTS: Record<Shape, readonly Point[]> = {
  steady: [
    [0, 1],
    [1, 1],
  ],
  ramp: [
    [0, 0.1],
    [1, 1],
  ],
  step: [
    [0, 0.25],
    [0.25, 0.25],
    [0.25, 0.5],
    [0.5, 0.5],
    [0.5, 0.75],
    [0.75, 0.75],
    [0.75, 1],
    [1, 1],
  ],
  /** One day from midnight to midnight: a hump at noon, a higher one in the evening. */
  diurnal: [
    [0, 0.25],
    [4 / 24, 0.08],
    [7 / 24, 0.3],
    [12.5 / 24, 0.8],
    [16 / 24, 0.55],
    [20.5 / 24, 1],
    [1, 0.25],
  ],
  /** An ordinary evening, ten times as much within a moment at midnight, deals one after the other, and the decay. */
  'black-friday': [[0, 0.1], [0.15, 0.1], [0.18, 1], ...teeth(0.18, 0.7), [0.7, 0.5], [0.85, 0.2], [1, 0.1]],
  /** Everybody waits for the opening, and is gone when the goods are. */
  'flash-sale': [
    [0, 0.05],
    [0.1, 0.05],
    [0.1, 1],
    [0.4, 0.8],
    [0.7, 0.3],
    [1, 0.1],
  ],
  outage: [
    [0, 1],
    [1, 1],
  ],
};

interface Segment {
  at: number;
  width: number;
  from: number;
  to: number;
  /** Share of all orders that come before it, and within it. */
  before: number;
  area: number;
}

/** The area under a shape and its inverse: which share of the orders has come when. */
export class Curve {
  /** Mean rate as a share of the peak. */
  readonly mean: number;
  private readonly segments: Segment[] = [];

  constructor(points: readonly Point[]) {
    let area = 0;
    for (let n = 1; n < points.length; n++) {
      const [at, from] = points[n - 1]!;
      const [end, to] = points[n]!;
      const segment = { at, width: end - at, from, to, before: area, area: ((from + to) / 2) * (end - at) };
      if (segment.width > 0) this.segments.push(segment);
      area += segment.area;
    }
    this.mean = area;
  }

  /** How far through the run (0 to 1) the given share (0 to 1) of its orders has come. */
  timeAt(share: number): number {
    const wanted = share * this.mean;
    const segment = this.segments.find(({ before, area }) => wanted < before + area) ?? this.segments.at(-1)!;
    return segment.at + within(segment, Math.min(wanted - segment.before, segment.area));
  }

  /** The rate at a time (0 to 1), as a share of the peak. */
  levelAt(time: number): number {
    const { at, width, from, to } =
      this.segments.find((segment) => time < segment.at + segment.width) ?? this.segments.at(-1)!;
    return from + ((to - from) * (time - at)) / width;
  }
}

/** Where in a segment the area under it has grown to `area`: the root of from u + slope u^2 / 2, in its stable form. */
function within({ width, from, to }: Segment, area: number): number {
  const slope = (to - from) / width;
  const root = Math.sqrt(Math.max(from * from + 2 * slope * area, 0));
  return from + root > 0 ? (2 * area) / (from + root) : 0;
}

/**
 * `count` independent moments of a run in ascending order, one at a time, as shares 0 to 1: the next of k left lies
 * above the last one as the smallest of k uniform draws does.
 */
export function ascendingShares(count: number, random: Random): () => number | undefined {
  let last = 0;
  let left = count;
  return () => {
    if (left === 0) return undefined;
    last = 1 - (1 - last) * (1 - random()) ** (1 / left--);
    return last;
  };
}
