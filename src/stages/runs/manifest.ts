import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { UUID_PATTERN } from '../../../lib/domain/ids.ts';
import { messageOf, OmsError } from '../../errors.ts';

/** What was meant to become of an order: the truth that outcomes are measured against. */
export const Labels = Type.Object({
  /** What the stand-in payment provider was told to do, as the ending of the token. */
  payment: Type.Optional(Type.String()),
  /** What the stand-in carrier was told to do. */
  parcel: Type.Optional(Type.String()),
  /** Pattern of the fraud; null for an honest buyer. */
  fraud: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** What the customer means to do, in words. */
  plans: Type.Optional(Type.Array(Type.String())),
  /** How the order was sent once more. */
  duplicate: Type.Optional(Type.String()),
  /** What was wrong with it on purpose, and what had to come of that. */
  bad: Type.Optional(Type.Object({ kind: Type.String(), expected: Type.String() })),
});
export type Labels = Static<typeof Labels>;

/** What became of one order of a run, as its sender saw it: a line of manifest.ndjson. */
export const ManifestEntry = Type.Object({
  /** Its number within the run, from 0. */
  n: Type.Integer({ minimum: 0 }),
  key: Type.String({ minLength: 1, maxLength: 128 }),
  customer: Type.String({ minLength: 1, maxLength: 64 }),
  order_id: Type.String({ pattern: UUID_PATTERN }),
  hash: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  planned_at: Type.String(),
  /** unknown: it was sent, and no answer ever said whether it was taken. */
  outcome: Type.Enum(['accepted', 'failed', 'unknown']),
  /** What the order API said it costs; null unless accepted. */
  total_minor: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  /** Why it failed: the code of the API's problem answer, or what went wrong on the way. */
  reason: Type.Optional(Type.String()),
  labels: Type.Optional(Labels),
});
export type ManifestEntry = Static<typeof ManifestEntry>;

const validator = Compile(ManifestEntry);

function parseEntry(line: string): ManifestEntry {
  const value: unknown = JSON.parse(line);
  if (validator.Check(value)) return value;
  const [problem] = validator.Errors(value);
  throw new Error(`${problem?.instancePath} ${problem?.message}`);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = createReadStream(file, { highWaterMark: 1 << 18 });
  const opened = Promise.withResolvers<void>();
  input.once('open', () => opened.resolve());
  input.once('error', opened.reject);
  await opened.promise;
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/**
 * The entries of a manifest, a bounded number at a time, so that any run fits in memory.
 * A last line without its end, as a killed run leaves it, is left out.
 * @throws {OmsError} `input_file` naming the line that is none of a manifest
 */
export async function* readManifest(file: string, batchSize: number): AsyncGenerator<ManifestEntry[]> {
  let batch: ManifestEntry[] = [];
  let number = 0;
  let torn: OmsError | undefined;
  try {
    for await (const line of linesOf(file)) {
      if (torn) throw torn;
      number++;
      try {
        batch.push(parseEntry(line));
      } catch (error) {
        torn = new OmsError('input_file', `${file}:${number} is no line of a manifest`, {
          why: messageOf(error),
          next: ['give the manifest.ndjson that oms simulate wrote, as it is'],
        });
      }
      if (batch.length >= batchSize) {
        yield batch;
        batch = [];
      }
    }
  } catch (error) {
    if (error instanceof OmsError) throw error;
    throw new OmsError('input_file', `cannot read the manifest ${file}`, {
      why: messageOf(error),
      next: ['oms verify   (the latest run)', 'oms verify --all'],
      cause: error,
    });
  }
  if (torn && number === 1) throw torn;
  if (batch.length > 0) yield batch;
}
