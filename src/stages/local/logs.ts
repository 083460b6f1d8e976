import type { Context } from '../../context.ts';
import { LOCAL_APP_NAMES, type LocalAppName } from './apps.ts';
import { type LogLine, mergeLines, parseLogLine } from './log-line.ts';
import { localPaths, logFileOf } from './paths.ts';

/** Everything of the local stack that writes a log. */
export type LogName = 'database' | 'blob' | LocalAppName | 'supervisor';
export const LOG_NAMES: readonly LogName[] = ['database', 'blob', ...LOCAL_APP_NAMES, 'supervisor'];

export interface LogOptions {
  /** One log; all of them when absent. */
  name: LogName | undefined;
  lines: number;
  follow: boolean;
  /** Only lines that name this order. */
  order: string | undefined;
}

/** Shows the last lines in the order of time, and with `follow` every new one until Ctrl-C. */
export async function showLogs(context: Context, options: LogOptions, show: (line: LogLine) => void): Promise<void> {
  const { machine, signal } = context;
  const paths = localPaths(context.settings.dir);
  const names = options.name ? [options.name] : LOG_NAMES;
  const wanted = (raw: string) => options.order === undefined || raw.includes(options.order);
  const tail = async (name: LogName) => {
    const { lines, end } = await machine.tailLines(logFileOf(paths, name), options.lines, wanted);
    return { name, lines: lines.map((raw) => parseLogLine(name, raw)), end };
  };
  const tails = await Promise.all(names.map(tail));
  for (const line of mergeLines(tails.map(({ lines }) => lines)).slice(-options.lines)) show(line);
  if (!options.follow) return;
  const showNew = (name: LogName) => (raw: string) => wanted(raw) && show(parseLogLine(name, raw));
  await Promise.all(
    tails.map(({ name, end }) => machine.followLines(logFileOf(paths, name), end, showNew(name), signal)),
  );
}
