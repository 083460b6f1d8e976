import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createCloud } from '../../../../../../src/adapters/azure/create-cloud.ts';
import { OmsError } from '../../../../../../src/errors.ts';
import { readAccount } from '../../../../../../src/stages/provision/preflight/account.ts';
import { azureAnswers, CALLER, SECRET_SIGNATURE, token } from '../../../../../helpers/azure-answers.ts';
import { AZ_SAYS, fakeAz } from '../../../../../helpers/fake-az.ts';
import { fakeCloud } from '../../../../../helpers/fake-cloud.ts';
import { quietContext } from '../../../../../helpers/quiet-context.ts';

type Changes = Parameters<typeof azureAnswers>[0];

const read = (changes: Changes, subscription?: string) =>
  readAccount({ ...quietContext('/nowhere'), cloud: fakeCloud(azureAnswers(changes)) }, subscription);

suite('the account of az', () => {
  test('is whom the token is for, at the subscription that is named or the one az is set to', async () => {
    assert.equal((await read({})).objectId, CALLER);
    const cloud = fakeCloud(azureAnswers());
    await readAccount({ ...quietContext('/nowhere'), cloud }, 'Shop');
    const named = cloud.calls.filter((args) => args.join(' ').endsWith('--subscription Shop'));
    assert.deepEqual(
      named.map((args) => args[1]),
      ['show', 'get-access-token'],
    );
  });

  test('that cannot be had: what is missing, and what to do next', async () => {
    const cases: [Changes, string, number, RegExp][] = [
      [{ account: { stderr: AZ_SAYS.notLoggedIn } }, 'login_missing', 4, /^az login$/],
      [{ token: { stderr: AZ_SAYS.expired } }, 'login_missing', 4, /^az login$/],
      [{ account: { stderr: AZ_SAYS.unknownSubscription } }, 'azure_failed', 5, /^az account list/],
      [{ token: { json: { accessToken: 'opaque' } } }, 'login_missing', 4, /^az login$/],
    ];
    for (const [changes, code, exitCode, next] of cases) {
      await assert.rejects(read(changes, 'x'), (error) => {
        assert.ok(error instanceof OmsError);
        assert.deepEqual([error.code, error.exitCode], [code, exitCode]);
        assert.match(error.next[0]!, next);
        return true;
      });
    }
  });

  test('without az, or with one that answers in riddles', async (t) => {
    const az = fakeAz(t, [
      { when: 'account', stdout: 'Hello' },
      { when: 'cloud', stdout: 'Hello' },
    ]);
    const context = { ...quietContext('/nowhere'), cloud: createCloud() };
    await assert.rejects(readAccount(context), { code: 'azure_failed', why: /is no JSON$/ });
    az.answer([{ when: 'account', json: { accessToken: token({ oid: 1 }) } }]);
    await assert.rejects(
      readAccount(context),
      (error: OmsError) => !`${error.message}${error.why}`.includes(SECRET_SIGNATURE),
    );
    process.env.PATH = '/nowhere';
    await assert.rejects(readAccount(context), { code: 'tool_missing', exitCode: 4 });
  });
});
