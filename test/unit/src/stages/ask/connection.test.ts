import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadQuestion } from '../../../../../lib/query/ask.ts';
import { QueryTimeout, ResultTooLarge } from '../../../../../lib/query/execute.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { askError } from '../../../../../src/stages/ask/connection.ts';

test('what goes wrong with a question has a code of its own and says what to do next', () => {
  const errors = [new BadQuestion('empty'), new QueryTimeout('5 s'), new ResultTooLarge('8 MB')].map(askError);
  assert.ok(errors.every((error) => error instanceof OmsError && error.next.length > 0));
  assert.deepEqual(
    errors.map((error) => [(error as OmsError).code, (error as OmsError).exitCode]),
    [
      ['usage', 2],
      ['query_timeout', 5],
      ['answer_too_large', 5],
    ],
  );
});
