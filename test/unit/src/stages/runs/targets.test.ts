import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { databaseError } from '../../../../../src/stages/runs/targets.ts';

const thrown = (code: string) => Object.assign(new Error(`it said ${code}`), { code });
const codeOf = (error: unknown) => (error instanceof OmsError ? error.code : undefined);

test('a server that is away or refuses is unreachable', () => {
  for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST', 'ER_ACCESS_DENIED_ERROR']) {
    assert.equal(codeOf(databaseError(thrown(code))), 'database_unreachable');
  }
});

test('a server without our tables needs them', () => {
  for (const code of ['ER_NO_SUCH_TABLE', 'ER_BAD_DB_ERROR']) {
    assert.equal(codeOf(databaseError(thrown(code))), 'database_schema');
  }
});

test('anything else stays what it is: a wrong statement is a bug, not an outage', () => {
  const known = new OmsError('disk', 'no room');
  for (const error of [thrown('ER_PARSE_ERROR'), new TypeError('x'), known]) assert.equal(databaseError(error), error);
});
