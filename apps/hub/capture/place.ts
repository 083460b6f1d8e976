import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { replaceFile } from '../storage/folders.ts';

const FILE = 'capture.json';

/** How far a partition was captured. */
const CapturePlace = Type.Object({
  format: Type.Literal(1),
  /** Sequence number of the first event that is in no file yet. */
  next: Type.Integer({ minimum: 0 }),
  /** Where the open window began, in milliseconds since 1970, whole seconds. */
  windowStart: Type.Integer({ minimum: 0 }),
  /** The time in the name of its file, the same unless files follow each other within a second. */
  fileTime: Type.Integer({ minimum: 0 }),
  /** Makes the marks between blocks ones that no sender of events can know. */
  salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});
export type CapturePlace = Static<typeof CapturePlace>;

const capturePlace = Compile(CapturePlace);

/** A note of Capture that cannot be used; the message says which file and what to do. */
export class CapturePlaceError extends Error {
  override readonly name = 'CapturePlaceError';
}

/**
 * The last place that was noted in a partition's folder; null when it was not captured before.
 * @throws {CapturePlaceError}
 */
export function readPlace(folder: string): CapturePlace | null {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  const place = parse(readFileSync(path, 'utf8'));
  if (capturePlace.Check(place)) return place;
  throw new CapturePlaceError(
    `${path} is not a place of Capture; restore it, or remove it to capture from the next event on`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where Capture begins that was not there before. */
export const newPlace = (next: number, windowStart: number): CapturePlace => ({
  format: 1,
  next,
  windowStart,
  fileTime: windowStart,
  salt: randomBytes(16).toString('hex'),
});

/** Notes a place so that it survives a power cut. */
export const writePlace = (folder: string, place: CapturePlace): Promise<void> =>
  replaceFile(join(folder, FILE), `${JSON.stringify(place)}\n`);

/** Forgets the place: what is enqueued until Capture is switched on again will not be captured. */
export const forgetPlace = (folder: string): void => rmSync(join(folder, FILE), { force: true });
