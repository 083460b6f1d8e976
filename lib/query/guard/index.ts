export { CheckedSql, type GuardOptions, guardSql } from './guard.ts';
export { type RefusalClass, RefusedSql } from './refused.ts';
export type { ReadableTable, ReadableTables } from './scope.ts';
