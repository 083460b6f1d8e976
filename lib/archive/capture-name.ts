/** The nine things that the name of every file of Capture says, as Event Hubs writes them in a name format. */
const TOKENS = ['Namespace', 'EventHub', 'PartitionId', 'Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'] as const;
type Token = (typeof TOKENS)[number];

/** The format that Event Hubs proposes. */
export const DEFAULT_NAME_FORMAT = '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}';

const SUFFIX = '.avro';

/** What a file's name says of it. */
export interface CaptureFileName {
  namespace: string;
  hub: string;
  partition: string;
  /** The capture window, to the second, UTC. */
  time: Date;
}

const two = (value: number): string => String(value).padStart(2, '0');

const valuesOf = ({ namespace, hub, partition, time }: CaptureFileName): Record<Token, string> => ({
  Namespace: namespace,
  EventHub: hub,
  PartitionId: partition,
  Year: String(time.getUTCFullYear()).padStart(4, '0'),
  Month: two(time.getUTCMonth() + 1),
  Day: two(time.getUTCDate()),
  Hour: two(time.getUTCHours()),
  Minute: two(time.getUTCMinutes()),
  Second: two(time.getUTCSeconds()),
});

const PATTERNS: Record<Token, string> = {
  Namespace: '[A-Za-z0-9-]+',
  EventHub: '[A-Za-z0-9._-]+',
  PartitionId: '\\d+',
  Year: '\\d{4}',
  Month: '\\d{2}',
  Day: '\\d{2}',
  Hour: '\\d{2}',
  Minute: '\\d{2}',
  Second: '\\d{2}',
};

/** A format in pieces: token names at the odd places, what stands between them at the even ones. */
const split = (format: string): string[] => format.split(/\{(\w+)\}/);

/** Names of a format that are missing in it, doubled, or unknown; none when Event Hubs would take it. */
export function nameFormatProblems(format: string): string[] {
  const found = split(format).filter((_, index) => index % 2 === 1);
  const missing = TOKENS.filter((token) => !found.includes(token)).map((token) => `{${token}} is missing`);
  const unknown = found.filter((token) => !TOKENS.includes(token as Token)).map((token) => `{${token}} is not known`);
  const doubled = TOKENS.filter((token) => found.filter((one) => one === token).length > 1);
  return [...missing, ...unknown, ...doubled.map((token) => `{${token}} is there twice`)];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function toPattern(pieces: readonly string[]): RegExp {
  const source = pieces.map((piece, index) =>
    index % 2 === 1 ? `(?<${piece}>${PATTERNS[piece as Token]})` : escaped(piece),
  );
  return new RegExp(`^${source.join('')}${escaped(SUFFIX)}$`);
}

/** The moment that a name says; undefined where there is none, such as the 30th of February. */
function timeOf(groups: Record<string, string>): Date | undefined {
  const { Year, Month, Day, Hour, Minute, Second } = groups;
  const text = `${Year}-${Month}-${Day}T${Hour}:${Minute}:${Second}.000Z`;
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text ? time : undefined;
}

/** Makes and reads the names of Capture's files in one format. */
export interface CaptureNames {
  /** The name in the container, with its ending. */
  format(name: CaptureFileName): string;
  /** @returns undefined for any other file */
  parse(path: string): CaptureFileName | undefined;
  /** What all names have in front that share a partition, and the day where it comes before anything smaller. */
  prefix(name: Omit<CaptureFileName, 'time'>, day?: Date): string;
}

/**
 * @param format with all nine tokens once, in any order
 * @throws {RangeError} naming what is wrong with the format
 */
export function captureFileName(format: string = DEFAULT_NAME_FORMAT): CaptureNames {
  const problems = nameFormatProblems(format);
  if (problems.length > 0) throw new RangeError(`name format "${format}": ${problems.join(', ')}`);
  const pieces = split(format);
  const pattern = toPattern(pieces);
  const fill = (values: Partial<Record<string, string>>, from = pieces) =>
    from.map((piece, index) => (index % 2 === 1 ? values[piece] : piece)).join('');
  return {
    format: (name) => fill(valuesOf(name)) + SUFFIX,
    parse(path) {
      const groups = pattern.exec(path)?.groups;
      const time = groups && timeOf(groups);
      if (!time) return undefined;
      return { namespace: groups.Namespace!, hub: groups.EventHub!, partition: groups.PartitionId!, time };
    },
    prefix(name, day) {
      const {
        Hour: _hour,
        Minute: _minute,
        Second: _second,
        ...known
      } = valuesOf({ ...name, time: day ?? new Date(0) });
      const { Year, Month, Day, ...always } = known;
      const values = day ? { ...always, Year, Month, Day } : always;
      const end = pieces.findIndex((piece, index) => index % 2 === 1 && !(piece in values));
      return fill(values, pieces.slice(0, end === -1 ? pieces.length : end));
    },
  };
}
