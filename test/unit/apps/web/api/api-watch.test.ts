import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiWatch } from '../../../../../apps/web/api/api-watch.ts';

test('whoever asks how the order API is gets the last finding, and never waits for a slow one', async () => {
  const answer = Promise.withResolvers<string | undefined>();
  let asked = 0;
  const watch = new ApiWatch(
    () => {
      asked += 1;
      return answer.promise;
    },
    { patienceMs: 1 },
  );
  assert.equal(await watch.trouble(), 'not asked yet');
  assert.equal(await watch.trouble(), 'not asked yet');
  answer.resolve(undefined);
  await answer.promise;
  assert.deepEqual([await watch.trouble(), await watch.trouble(), asked], [undefined, undefined, 1]);
});
