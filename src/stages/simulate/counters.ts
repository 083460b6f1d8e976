import { type Static, Type } from 'typebox';

/** Orders of a run, each counted in whole orders. */
export const Counts = Type.Object({
  asked: Type.Integer({ description: 'due so far by the schedule' }),
  issued: Type.Integer({ description: 'posted at least once' }),
  accepted: Type.Integer({ description: 'answered 202' }),
  replayed: Type.Integer({ description: 'of the accepted: the API had taken them before' }),
  stored: Type.Integer({ description: 'of the accepted: found in the database' }),
  stored_before: Type.Integer({ description: 'of the stored: they were there before this run' }),
  failed: Type.Integer({ description: 'refused for good' }),
  unknown: Type.Integer({ description: 'no answer ever said whether they were taken' }),
  duplicated: Type.Integer({ description: 'rows too many' }),
  lost: Type.Integer({ description: 'accepted and not stored when the drain ended' }),
  missed: Type.Integer({ description: 'could not be sent in time and were given up' }),
  late: Type.Integer({ description: 'sent more than 10 ms after they were due' }),
  resent: Type.Integer({ description: 'posts repeated with the same key' }),
});
export type Counts = Static<typeof Counts>;

export const noCounts = (): Counts => ({
  asked: 0,
  issued: 0,
  accepted: 0,
  replayed: 0,
  stored: 0,
  stored_before: 0,
  failed: 0,
  unknown: 0,
  duplicated: 0,
  lost: 0,
  missed: 0,
  late: 0,
  resent: 0,
});
