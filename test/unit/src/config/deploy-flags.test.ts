import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { suite, test } from 'node:test';
import { Parser } from '@oclif/core';
import { deployFlags } from '../../../../src/config/deploy-flags.ts';
import { deployOptions } from '../../../../src/config/deploy-options.ts';
import { setEnvironment } from '../../../helpers/set-environment.ts';

const parse = async (...argv: string[]) => {
  const { flags } = await Parser.parse(argv, { flags: deployFlags, strict: true });
  return deployOptions(flags as Parameters<typeof deployOptions>[0]);
};

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('every flag has a variable of its own, and is told about', () => {
  for (const [name, { env, summary }] of Object.entries(deployFlags)) {
    assert.equal(env, name === 'yes' ? 'OMS_YES' : `OMS_DEPLOY_${name.replaceAll('-', '_').toUpperCase()}`);
    assert.ok(summary);
  }
});

test('without a flag a release of the environment demo goes out in four steps, and comes back by itself', async () => {
  const said = Object.entries(await parse()).filter(([, value]) => value !== undefined);
  assert.deepEqual(Object.fromEntries(said), {
    ...{ env: 'demo', skipBase: false, shift: [1, 10, 50, 100], shiftSeconds: 15, errorBudget: 0.01 },
    ...{ gateSeconds: 120, rollback: true, check: false, unlock: false, yes: false },
  });
});

test('every flag reaches the stages', async () => {
  const options = await parse(
    ...['--env', 'prod', '--hosts', 'deploy@shop-1', '--private-address', 'shop-1=10.0.0.5', '--identity', 'key'],
    ...['--home', '/srv/oms', '--domain', 'shop.example.com', '--domain', 'www.example.com', '--certificate', 'c.pem'],
    ...['--certificate-key', 'k.pem', '--http-port', '8080', '--https-port', '8443', '--events', 'azure'],
    ...['--azure-certificate', 'a.pem', '--client-id', UUID, '--payments', 'stripe', '--replicas-producer', '3'],
    ...[
      '--replicas-consumer',
      '4',
      '--observability',
      '--timezone',
      'Europe/Paris',
      '--backup-at',
      '03:15',
      '--only',
      'web,shop-1',
      '--images',
      'i.tar',
      '--skip-base',
    ],
    ...['--shift', '50,100', '--shift-seconds', '30', '--error-budget', '0.5', '--gate-seconds', '60', '--no-rollback'],
    ...['--check', '--why', 'prices of December', '--yes'],
  );
  assert.deepEqual(options, {
    env: 'prod',
    target: undefined,
    hosts: [{ user: 'deploy', address: 'shop-1', port: 22, groups: ['web', 'app', 'data'] }],
    privateAddresses: [{ host: 'shop-1', address: '10.0.0.5' }],
    identity: resolve('key'),
    home: '/srv/oms',
    domains: ['shop.example.com', 'www.example.com'],
    acmeEmail: undefined,
    acmeServer: undefined,
    certificate: resolve('c.pem'),
    certificateKey: resolve('k.pem'),
    selfSigned: undefined,
    httpPort: 8_080,
    httpsPort: 8_443,
    events: 'azure',
    azureCertificate: resolve('a.pem'),
    clientId: UUID,
    payments: 'stripe',
    replicasProducer: 3,
    replicasConsumer: 4,
    timeZone: 'Europe/Paris',
    backupAt: '03:15',
    observability: true,
    only: ['web', 'shop-1'],
    images: resolve('i.tar'),
    saveImages: undefined,
    skipBase: true,
    shift: [50, 100],
    shiftSeconds: 30,
    errorBudget: 0.005,
    gateSeconds: 60,
    rollback: false,
    check: true,
    unlock: false,
    why: 'prices of December',
    yes: true,
  });
});

test('variables say what flags do not', async (t) => {
  setEnvironment(t, { OMS_DEPLOY_HOSTS: 'deploy@h1', OMS_DEPLOY_DOMAIN: 'a.example.com,b.example.com' });
  const { hosts, domains } = await parse();
  assert.equal(hosts?.[0]?.address, 'h1');
  assert.deepEqual(domains, ['a.example.com', 'b.example.com']);
});

suite('a wrong call', () => {
  const wrong: [argv: string[], message: RegExp][] = [
    [['--hosts', 'nobody'], /USER@HOST/],
    [['--certificate', 'c.pem'], /certificate-key/],
    [['--acme-email', 'a@example.com', '--self-signed'], /self-signed/],
    [['--acme-email', 'nobody'], /--acme-email ops@example.com/],
    [['--acme-server', 'http://ca.example.com'], /https:/],
    [['--images', 'a', '--save-images', 'b'], /save-images/],
    [['--check', '--unlock'], /unlock/],
    [['--why', 'two\nlines'], /one line/],
    [['--only', '../x'], /expected web, app, data/],
    [['--events', 'kafka'], /azure or local/],
    [['--replicas-producer', '0'], /1 to 20/],
    [['--error-budget', '101'], /percent/],
    [['--shift', '10'], /end with 100/],
    [['--hosts', 'a@b', '--hosts', 'a@c'], /Flag --hosts|hosts/],
  ];
  for (const [argv, message] of wrong) {
    test(argv.join(' '), async () => assert.rejects(parse(...argv), message));
  }
});
