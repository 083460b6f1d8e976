import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownFlags } from '../../../../src/config/secret-flags.ts';

const refused = (...flags: string[]) =>
  unknownFlags(
    Object.assign(new Error(`Nonexistent flag: ${flags.join(', ')}\nSee more help with --help`), { flags }),
  )!;

for (const flag of [
  ...['--password', '--client-secret', '--client_secret', '--db-password', '--pwd', '--token', '--connection-string'],
  ...['--api-key', '--sas-key', '--account_key', '--sas'],
]) {
  test(`${flag} is told how to sign in, and its value goes nowhere`, () => {
    const { message, hint } = refused(`${flag}=hunter2, --x`);
    assert.equal(message, `Nonexistent flag: ${flag}`);
    assert.match(hint!, /az login/);
  });
}

test('a value that begins with a hyphen is no flag to repeat', () => {
  assert.equal(refused('--password', '-hunter2').message, 'Nonexistent flags: --password, -h');
});

test('any other flag gets no hint, any other error nothing', () => {
  assert.equal(refused('--nope').hint, undefined);
  for (const flag of ['--passenger', '--customer-managed-keys', '--gas']) assert.equal(refused(flag).hint, undefined);
  assert.equal(unknownFlags(new Error('Missing required flag rate')), undefined);
});
