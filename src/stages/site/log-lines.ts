import { stripVTControlCharacters } from 'node:util';
import { visible } from '../../ui/visible.ts';
import { type LogLine, parseLogLine, toJsonLine } from '../local/log-line.ts';

/** A line of a container's log, and where it was written. */
export interface SiteLogLine extends LogLine {
  host: string;
  /** Without the name of the project: "producer-b-1". */
  container: string;
}

/** "producer-b-1  | 2026-11-21T12:00:00.123456789Z text", as `docker compose logs --timestamps --no-color` has it. */
const LINE = /^(\S+?)\s*\| (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z ?(.*)$/;

/** Milliseconds, three digits of them, so that times sort as text. */
const millis = (fraction = '.') => fraction.slice(0, 4).padEnd(4, '0');

/** Understands a line of Compose; its own time is taken where the line has none. @returns undefined for what is none */
export function parseSiteLine(host: string, text: string): SiteLogLine | undefined {
  const match = LINE.exec(text.replace(/\r$/, ''));
  if (!match) return undefined;
  const [, container = '', second = '', fraction, raw = ''] = match;
  // Some versions of Compose move the cursor before a name, whatever they are asked.
  const name = visible(stripVTControlCharacters(container));
  const line = parseLogLine(name, raw);
  const time = line.time ?? `${second}${millis(fraction)}Z`;
  return { ...line, text: visible(line.text), time, host, container: name };
}

/** One JSON object a line: what the process wrote, with server and container added. */
export function toSiteJsonLine(line: SiteLogLine): string {
  const { host, container } = line;
  const entry: unknown = JSON.parse(toJsonLine({ ...line, raw: isObject(line.raw) ? line.raw : '' }));
  return JSON.stringify({ ...(entry as object), host, container });
}

function isObject(raw: string): boolean {
  try {
    return raw.startsWith('{') && typeof JSON.parse(raw) === 'object';
  } catch {
    return false;
  }
}

/** Columns of a name in front of a line. */
const CONTAINER_WIDTH = 14;

/** The line as the local stack's are shown; with the server in front where there are several. */
export function namedLine(line: SiteLogLine, several: boolean, hostWidth: number): LogLine {
  const container = line.container.padEnd(CONTAINER_WIDTH);
  return { ...line, process: several ? `${line.host.padEnd(hostWidth)} ${container}` : container };
}
