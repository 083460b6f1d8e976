import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Parser } from '@oclif/core';
import { provisionFlags } from '../../../../src/config/provision-flags.ts';
import { provisionOptions } from '../../../../src/config/provision-options.ts';
import { setEnvironment } from '../../../helpers/set-environment.ts';

const parse = async (...argv: string[]) => {
  const { flags } = await Parser.parse(argv, { flags: provisionFlags, strict: true });
  return provisionOptions(flags as Parameters<typeof provisionOptions>[0]);
};

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('every flag has a variable of its own, and is told about', () => {
  const flags = Object.entries(provisionFlags);
  const shared = new Map([
    ['yes', 'OMS_YES'],
    ['gateway', 'OMS_EVENTHUB_GATEWAY'],
  ]);
  for (const [name, { env, summary }] of flags) {
    assert.equal(env, shared.get(name) ?? `OMS_PROVISION_${name.replaceAll('-', '_').toUpperCase()}`);
    assert.ok(summary);
  }
});

test('without a flag the environment is demo, a canary is sent, and nothing else is said', async () => {
  const said = Object.entries(await parse()).filter(([, value]) => value !== undefined);
  assert.deepEqual(Object.fromEntries(said), {
    env: 'demo',
    planOnly: false,
    drift: false,
    lockArchive: false,
    canary: true,
    yes: false,
  });
});

test('every flag reaches the stages', async () => {
  const options = await parse(
    ...['--env', 'prod', '--subscription', UUID, '--tenant', UUID, '--region', 'West Europe'],
    ...['--secondary-region', 'northeurope', '--rate', '5k', '--event-bytes', '1024', '--consumers', '3'],
    ...['--events-per-order', '8', '--sku', 'Premium', '--units', '8', '--max-units', '0', '--partitions', '64'],
    ...['--capture-interval', '2m', '--archive-redundancy', 'RAGZRS', '--allow-ip', '203.0.113.7'],
    ...['--allow-ip', '198.51.100.0/24', '--customer-managed-key', '--alert-email', 'a@example.com'],
    ...['--alert-email', 'b@example.com', '--budget', '99.5', '--certificate', 'oms.pem', '--sas-fallback'],
    ...['--state', 'local', '--plan-only', '--no-canary', '--canary-timeout', '20m', '--yes', '--no-prompt'],
    ...['--gateway', 'sb://gateway:5671', '--confirm', 'prod'],
  );
  assert.deepEqual(options, {
    env: 'prod',
    subscription: UUID,
    tenant: UUID,
    region: 'westeurope',
    secondaryRegion: 'northeurope',
    state: 'local',
    rate: 5_000,
    eventBytes: 1_024,
    consumers: 3,
    eventsPerOrder: 8,
    sku: 'Premium',
    captureIntervalSeconds: 120,
    archiveRedundancy: 'RAGZRS',
    units: 8,
    maximumUnits: 0,
    partitions: 64,
    allowedRanges: ['203.0.113.7/32', '198.51.100.0/24'],
    privateEndpointSubnetId: undefined,
    customerManagedKey: true,
    alertEmails: ['a@example.com', 'b@example.com'],
    budget: 99.5,
    certificate: 'oms.pem',
    principal: undefined,
    sasFallback: true,
    gateway: 'sb://gateway:5671',
    planOnly: true,
    drift: false,
    lockArchive: false,
    canary: false,
    canaryTimeoutMs: 1_200_000,
    unlock: undefined,
    confirm: ['prod'],
    yes: true,
  });
});

test('two names can be confirmed: of the environment and of the archive account', async () => {
  const both = ['prod', 'omsarcprod1a2b3c'];
  assert.deepEqual((await parse('--confirm', both[0]!, '--confirm', both[1]!)).confirm, both);
  assert.deepEqual((await parse('--confirm', both.join())).confirm, both);
});

test('a variable says what a flag would; a list has commas', async (t) => {
  setEnvironment(t, { OMS_PROVISION_RATE: '7', OMS_PROVISION_ALERT_EMAIL: 'a@example.com,b@example.com' });
  const { rate, alertEmails } = await parse();
  assert.deepEqual([rate, alertEmails], [7, ['a@example.com', 'b@example.com']]);
  assert.equal((await parse('--rate', '8')).rate, 8);
});

suite('refused', () => {
  const WRONG: [argv: string[], message: RegExp][] = [
    ...['0', '-1', '1e9', '1000000000', 'NaN', '', '5,000', '-rf', '@file', '5000\n6000'].map(
      (text): [string[], RegExp] => [
        ['--rate', text],
        /--rate[\s\S]*expected 1 to 1,000,000 orders a second, got ".*"; for example --rate 5000/,
      ],
    ),
    [['--rate', '5000', '--rate', '6000'], /--rate can only be specified once/],
    [['--env', 'demo', '--env', 'prod'], /--env can only be specified once/],
    [['--env', '-rf'], /expected a name of 1 to 20/],
    [['--env', '../prod'], /expected a name of 1 to 20/],
    [['--units', '41'], /expected 1 to 40 units/],
    [['--partitions', '0'], /expected 1 to 100 partitions/],
    [['--capture-interval', '59s'], /expected a duration of 60s to 15m/],
    [['--capture-interval', '60.5s'], /expected whole seconds/],
    [['--sku', 'Basic'], /expected Standard or Premium, got "Basic"/],
    [['--budget', '0'], /expected an amount a month from 1 to/],
    [['--certificate', '-rf'], /expected the path of a file/],
    [['--certificate', '@file'], /expected the path of a file/],
    [['--subscription', `${UUID}\n`], /expected an id/],
    [['--confirm', '-rf'], /expected a name/],
    [['--unlock', 'x'], /expected an id/],
    [['--certificate', 'a.pem', '--principal', UUID], /certificate|principal/],
    [['--plan-only', '--drift'], /plan-only|drift/],
    [['--client-secret', 'x'], /Nonexistent flag: --client-secret/],
  ];
  for (const [argv, message] of WRONG) {
    test(JSON.stringify(argv.join(' ')), async () => {
      await assert.rejects(parse(...argv), message);
    });
  }
});
