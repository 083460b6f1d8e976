/** One line of a process's log. */
export interface LogLine {
  process: string;
  /** ISO 8601 UTC; undefined for a line that does not say. */
  time: string | undefined;
  level: string | undefined;
  text: string;
  /** The line as it was written. */
  raw: string;
}

/** Fields every line has, or that are shown in front. */
const KNOWN = new Set(['time', 'level', 'service', 'pid', 'msg', 'err', 'hostname']);
/** MariaDB and MySQL: "2026-11-21  3:09:12 0 [Note] text", "2026-11-21T03:09:12.123456Z 0 [System] text". */
const SERVER_LINE = /^(\d{4}-\d\d-\d\d)[T ] ?(\d?\d:\d\d:\d\d)(?:\.\d+Z)? \d+ \[(\w+)\] (.*)$/;
const SERVER_LEVELS: Record<string, string> = { Note: 'info', System: 'info', Warning: 'warn', ERROR: 'error' };

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textOf(entry: Record<string, unknown>): string {
  const extras = Object.entries(entry)
    .filter(([key]) => !KNOWN.has(key))
    .map(([key, value]) => `${key}=${show(value)}`);
  const { message } = (entry.err ?? {}) as { message?: string };
  return [show(entry.msg ?? ''), ...(message ? [`(${message})`] : []), ...extras].join(' ').trim();
}

function parseJson(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Understands a line of ours (JSON) and of the database server; anything else is taken as text. */
export function parseLogLine(process: string, raw: string): LogLine {
  const entry = parseJson(raw);
  if (entry) {
    const { time, level } = entry;
    return {
      process,
      time: typeof time === 'string' ? time : undefined,
      level: typeof level === 'string' ? level : undefined,
      text: textOf(entry),
      raw,
    };
  }
  const server = SERVER_LINE.exec(raw);
  if (!server) return { process, time: undefined, level: undefined, text: raw, raw };
  const [, day, clock = '', level = '', text = ''] = server;
  return { process, time: `${day}T${clock.padStart(8, '0')}.000Z`, level: SERVER_LEVELS[level] ?? level, text, raw };
}

/** Brings the lines of several logs into the order of time; a line without time stays behind the one before it. */
export function mergeLines(logs: readonly (readonly LogLine[])[]): LogLine[] {
  const keyed = logs.flatMap((lines) => {
    let last = '';
    return lines.map((line) => {
      last = line.time ?? last;
      return { key: last, line };
    });
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ line }) => line);
}

/** One JSON object a line, whoever wrote it. */
export function toJsonLine({ process, raw, time, level, text }: LogLine): string {
  return raw.startsWith('{')
    ? raw
    : JSON.stringify({ time: time ?? null, level: level ?? null, service: process, msg: text });
}
