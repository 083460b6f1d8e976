import { DatabaseTimeoutError } from './with-connection.ts';

/**
 * Server errors that the rows themselves cause, so that trying again cannot help: 1048 NULL, 1062 duplicate,
 * 1153 more than fits into a packet, 1264 out of range, 1292 / 1366 wrong value, 1406 too long, 3819 (MySQL) and
 * 4025 (MariaDB) CHECK.
 */
const DATA_ERRORS = new Set([1048, 1062, 1153, 1264, 1292, 1366, 1406, 3819, 4025]);

/** mysql2 gives errors of the server and of the connection a code, or calls them fatal; any other error is our own. */
interface DatabaseFailure extends Error {
  code?: string;
  fatal?: boolean;
  errno?: number;
}

/** A connection that was lost between two statements says so by `fatal` alone. */
function isDatabaseFailure(error: unknown): error is DatabaseFailure {
  if (!(error instanceof Error)) return false;
  return ('code' in error && typeof error.code === 'string') || ('fatal' in error && error.fatal === true);
}

/** Whether waiting can help: the server is away, late, full, read-only, or another transaction was in the way. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseTimeoutError) return true;
  return isDatabaseFailure(error) && !(error.errno && DATA_ERRORS.has(error.errno));
}
