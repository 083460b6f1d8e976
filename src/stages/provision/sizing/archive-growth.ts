import { type Static, Type } from 'typebox';
import { HUBS } from '../topology.ts';
import { CAPTURE_FILE_BYTES } from './limits.ts';

/** Days of a year, leap years counted in. */
export const DAYS_PER_YEAR = 365.25;
const SECONDS_PER_DAY = 86_400;

/** What the archive grows by when the load lasts around the clock: payload as it came in, uncompressed. */
export const ArchiveGrowth = Type.Object({
  bytesPerDay: Type.Number(),
  bytesPerYear: Type.Number(),
  bytesInTenYears: Type.Number(),
  capturedPartitions: Type.Integer({ description: 'partitions that Capture writes files of, over all hubs' }),
  intervalSeconds: Type.Integer(),
  filesPerDay: Type.Integer({ description: 'at most: a file an interval and partition, or one whenever it is full' }),
  filesInTenYears: Type.Integer(),
});
export type ArchiveGrowth = Static<typeof ArchiveGrowth>;

const capturedHubs = (): number => HUBS.filter(({ capture }) => capture).length;

/** @param partitions of each hub that Capture writes. */
export function growthOf(bytesPerSecond: number, partitions: number, intervalSeconds: number): ArchiveGrowth {
  const bytesPerDay = bytesPerSecond * SECONDS_PER_DAY;
  const filesOfOneHub = partitions * (SECONDS_PER_DAY / intervalSeconds);
  // All payload may go through one of the hubs, whose files may be full before their time.
  const busiest = Math.max(filesOfOneHub, bytesPerDay / CAPTURE_FILE_BYTES);
  const filesPerDay = Math.ceil(busiest + (capturedHubs() - 1) * filesOfOneHub);
  return {
    bytesPerDay,
    bytesPerYear: bytesPerDay * DAYS_PER_YEAR,
    bytesInTenYears: bytesPerDay * DAYS_PER_YEAR * 10,
    capturedPartitions: capturedHubs() * partitions,
    intervalSeconds,
    filesPerDay,
    filesInTenYears: Math.round(filesPerDay * DAYS_PER_YEAR * 10),
  };
}
