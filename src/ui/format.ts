/** 12345 -> "12,345". */
export const formatCount = (value: number): string => value.toLocaleString('en-US');

/** Milliseconds as people read them: "0.4 ms", "31 ms", "2.5 s", "3 m 20 s", "4 h 10 m", "3 d 2 h". */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 72) return `${hours} h ${minutes % 60} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Bytes in binary units: "47 MiB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0;
  const value = bytes / 1_024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Bytes in decimal units, as storage is billed: "442.4 GB", "1.616 PB". */
export function formatDecimalBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let [value, power] = [bytes, 0];
  while (value >= 999.95 && power < units.length - 1) [value, power] = [value / 1_000, power + 1];
  const digits = value >= 100 ? 1 : value >= 10 ? 2 : 3;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: power === 0 ? 0 : digits })} ${units[power]}`;
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** One character a value, scaled to the greatest. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, 0);
  return values.map((value) => LEVELS[top > 0 ? Math.round((value / top) * (LEVELS.length - 1)) : 0]).join('');
}
