import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { suite, test } from 'node:test';
import { azureCliCredential, keepTokens } from '../../../../../src/adapters/azure/credential.ts';
import { azureFailure } from '../../../../../src/adapters/azure/failures.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

/** Gives a token that lasts so long, and counts. */
function counting(lastsMs: number) {
  const asked: string[] = [];
  const credential = keepTokens({
    async getToken(scopes, options) {
      asked.push(`${scopes}${options?.claims ?? ''}`);
      return { token: `t${asked.length}`, expiresOnTimestamp: Date.now() + lastsMs };
    },
  });
  return {
    asked,
    token: async (...args: Parameters<typeof credential.getToken>) => (await credential.getToken(...args))?.token,
  };
}

suite('a kept token', () => {
  test('is asked for once a scope, also by many at a time', async () => {
    const { asked, token } = counting(3_600_000);
    assert.deepEqual(await Promise.all([token('a'), token(['a']), token('b')]), ['t1', 't1', 't2']);
    assert.equal(await token('a'), 't1');
    assert.deepEqual(asked, ['a', 'b']);
  });

  test('is asked for anew shortly before it ends, and when Azure challenges it', async () => {
    const short = counting(60_000);
    assert.deepEqual([await short.token('a'), await short.token('a')], ['t1', 't2']);
    const long = counting(3_600_000);
    assert.deepEqual(
      [await long.token('a'), await long.token('a', { claims: '{}' }), await long.token('a')],
      ['t1', 't2', 't1'],
    );
  });

  test('that could not be had is asked for again', async () => {
    let attempts = 0;
    const credential = keepTokens({
      async getToken() {
        if (++attempts === 1) throw new Error('az is busy');
        return { token: 'later', expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    });
    await assert.rejects(credential.getToken('a'), /az is busy/);
    assert.equal((await credential.getToken('a'))?.token, 'later');
  });
});

suite('the login of az', () => {
  /** An az that prints this, first on the path until the test ends. */
  function fakeAz(t: Parameters<typeof tempFolder>[0], script: string): void {
    const folder = tempFolder(t);
    const file = join(folder, 'az');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${folder}${delimiter}${before}`;
    t.after(() => {
      process.env.PATH = before;
    });
  }

  const TENANT = '11111111-1111-1111-1111-111111111111';

  test('gives tokens of its tenant', async (t) => {
    const seconds = Math.floor(Date.now() / 1_000) + 3_600;
    fakeAz(t, `echo '{"accessToken":"'"$*"'","expires_on":${seconds}}'`);
    const credential = await azureCliCredential(TENANT);
    const token = await credential.getToken('https://management.azure.com/.default');
    assert.match(token!.token, new RegExp(`--resource https://management.azure.com --tenant ${TENANT}`));
  });

  test('that is none is told as that, with the call that mends it', async (t) => {
    fakeAz(t, `echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`);
    const credential = await azureCliCredential(TENANT);
    const error = await credential.getToken('https://management.azure.com/.default').then(
      () => assert.fail('it went well'),
      (reason) => azureFailure('read namespace ns', reason),
    );
    assert.deepEqual([error.code, error.exitCode, error.next[0]], ['login_missing', 4, 'az login']);
  });

  test('is neither asked nor blamed for what else goes wrong', () => {
    const offline = azureFailure('read', new Error('getaddrinfo ENOTFOUND management.azure.com'));
    assert.equal(offline.message, 'Azure could not be reached when it was asked to read');
    assert.match(offline.why!, /ENOTFOUND/);
  });
});
