import { DatabaseTimeoutError } from './with-connection.ts';

/**
 * Server errors that the rows themselves cause, so that trying again cannot help: 1048 NULL, 1062 duplicate,
 * 1264 out of range, 1292 / 1366 wrong value, 1406 too long, 3819 (MySQL) and 4025 (MariaDB) CHECK.
 */
const DATA_ERRORS = new Set([1048, 1062, 1264, 1292, 1366, 1406, 3819, 4025]);

/** mysql2 gives every error of the server or of the connection a code; an error without one is our own. */
interface DatabaseFailure extends Error {
  code: string;
  errno?: number;
}

function isDatabaseFailure(error: unknown): error is DatabaseFailure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Whether waiting can help: the server is away, late, full, read-only, or another transaction was in the way. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseTimeoutError) return true;
  return isDatabaseFailure(error) && !(error.errno && DATA_ERRORS.has(error.errno));
}
