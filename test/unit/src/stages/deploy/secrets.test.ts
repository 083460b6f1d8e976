import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Context } from '../../../../../src/context.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import {
  refuseNewSecrets,
  type SiteSecrets,
  siteSecrets,
  stageSecrets,
} from '../../../../../src/stages/deploy/secrets.ts';
import { SECRETS, type SecretName } from '../../../../../src/stages/deploy/services.ts';
import { type Site, sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { demoEnvironment, demoOutputs } from '../../../../helpers/provisioned.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { testHost, testSite } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const SELF_SIGNED = testSite({ certificates: { kind: 'self-signed' } });
const KEEP = { keep: true };

const contextIn = (t: TestContext, changes: Partial<Context> = {}): Context => ({
  ...quietContext(tempFolder(t)),
  ...changes,
});
const folderOf = ({ settings }: Context) => sitePaths(settings.dir, 'demo').secrets;
const put = (context: Context, name: string, value: string) => {
  mkdirSync(folderOf(context), { recursive: true });
  writeFileSync(join(folderOf(context), name), value);
};

const differing = (left: SiteSecrets, right: SiteSecrets): SecretName[] =>
  (Object.keys({ ...left.hashes, ...right.hashes }) as SecretName[]).filter(
    (name) => left.hashes[name] !== right.hashes[name],
  );

const refusal =
  (code: OmsError['code'], ...texts: RegExp[]) =>
  (error: unknown) => {
    const { code: found, message, why, next } = error as OmsError;
    assert.equal(found, code, String(error));
    for (const text of texts) assert.match([message, why, ...next].join('\n'), text);
    return true;
  };

suite('the secrets of a site', () => {
  test('are made once, for their owner alone', async (t) => {
    const context = contextIn(t);
    const { made, ...first } = await siteSecrets(SELF_SIGNED, context, KEEP);
    assert.deepEqual(await siteSecrets(SELF_SIGNED, context, KEEP), { ...first, made: new Map() });
    assert.deepEqual([...made.keys()].toSorted(), readdirSync(folderOf(context)).toSorted());
    assert.equal(statSync(folderOf(context)).mode & 0o777, 0o700);
    for (const name of readdirSync(folderOf(context))) {
      assert.equal(statSync(join(folderOf(context), name)).mode & 0o777, 0o600, name);
    }
  });

  test('are those that containers of the site read, and no others', async (t) => {
    const { values } = await siteSecrets(SELF_SIGNED, contextIn(t), KEEP);
    const others: SecretName[] = [
      'azure-certificate',
      'stripe-key',
      'stripe-hook-secret',
      'smtp-url',
      'grafana-password',
    ];
    const wanted = Object.keys(SECRETS).filter((name) => !/^tls-/.test(name) && !others.includes(name as SecretName));
    assert.deepEqual(Object.keys(values).sort(), wanted.sort());
  });

  test('of a check are not kept', async (t) => {
    const context = contextIn(t);
    await siteSecrets(SELF_SIGNED, context, { keep: false });
    assert.equal(existsSync(folderOf(context)), false);
  });

  test('are never new for a site that runs', async (t) => {
    const context = contextIn(t);
    const first = await siteSecrets(SELF_SIGNED, context, KEEP);
    const hosts = [{ host: 'shop-1', state: { release: 'r-0123456789ab' } }];
    assert.throws(
      () => refuseNewSecrets(SELF_SIGNED, first, hosts, context),
      refusal('credential_missing', /shop-1 runs release r-0123456789ab/, /bring the whole folder/),
    );
    refuseNewSecrets(SELF_SIGNED, first, [{ host: 'shop-1', state: null }, { host: 'shop-2' }], context);
    refuseNewSecrets(SELF_SIGNED, await siteSecrets(SELF_SIGNED, context, KEEP), hosts, context);
  });

  test('agree with each other', async (t) => {
    const { values } = await siteSecrets(SELF_SIGNED, contextIn(t), KEEP);
    const password = new URL(values['mysql-app-url']!).password;
    assert.equal(new URL(values['mysql-app-url']!).host, 'mysql:3306');
    assert.match(
      values['mysql-init']!,
      new RegExp(`ALTER USER 'oms_app'@'10\\.213\\.0\\.0/255\\.255\\.255\\.0' IDENTIFIED BY '${password}';`),
    );
    assert.ok(values['hub-connection']!.includes(`SharedAccessKey=${values['hub-key']};`));
    assert.ok(values['blob-connection']!.includes(`AccountKey=${values['blob-accounts']!.replace('oms:', '')};`));
    assert.match(values['mysql-backup-options']!, /^\[client\]\nuser=oms_backup\npassword=[\w-]+\n$/);
  });

  test('let the accounts of the database in from its own clients alone', async (t) => {
    const split = testSite({
      certificates: { kind: 'self-signed' },
      hosts: [
        testHost('web-1', { address: '192.0.2.1', groups: ['web'] }),
        testHost('app-1', { address: '192.0.2.2', privateAddress: '10.0.0.2', groups: ['app'] }),
        testHost('data-1', { address: '192.0.2.3', groups: ['data'] }),
      ],
    });
    const { values } = await siteSecrets(split, contextIn(t), KEEP);
    const from = [...values['mysql-init']!.matchAll(/^CREATE USER IF NOT EXISTS '(\w+)'@'([^']+)'/gm)].map((match) =>
      match.slice(1),
    );
    const clients = ['10.213.0.0/255.255.255.0', '10.0.0.2'];
    const accounts = ['oms_admin', 'oms_app', 'oms_ask', 'oms_sandbox'];
    const wanted = accounts.flatMap((account) => clients.map((client) => [account, client]));
    assert.deepEqual(from, [...wanted, ['oms_backup', 'localhost']]);
  });

  test('set passwords at each start of the database, and leave its root alone', async (t) => {
    const { values } = await siteSecrets(SELF_SIGNED, contextIn(t), KEEP);
    const lines = values['mysql-init']!.trimEnd().split('\n');
    assert.ok(
      lines.every((line) => /^(?:FLUSH PRIVILEGES|CREATE \w+ IF NOT EXISTS .+|ALTER USER .+|GRANT .+);$/.test(line)),
    );
    assert.doesNotMatch(values['mysql-init']!, /root/);
  });
});

suite('a change', () => {
  test('of one password concerns what holds it', async (t) => {
    const context = contextIn(t);
    const before = await siteSecrets(SELF_SIGNED, context, KEEP);
    rmSync(join(folderOf(context), 'mysql-app-password'));
    const after = await siteSecrets(SELF_SIGNED, context, KEEP);
    assert.deepEqual(differing(before, after), ['mysql-init', 'mysql-app-url']);
  });

  test('is told by hashes that say nothing without their key', async (t) => {
    const [one, two] = [contextIn(t), contextIn(t)];
    for (const context of [one, two]) put(context, 'admin-token', 'the-same-token-here\n');
    const [left, right] = await Promise.all([one, two].map((context) => siteSecrets(SELF_SIGNED, context, KEEP)));
    assert.equal(left!.values['admin-token'], right!.values['admin-token']);
    assert.notEqual(left!.hashes['admin-token'], right!.hashes['admin-token']);
  });
});

suite('what somebody has to bring', () => {
  test('is named at once, with where it comes from', async (t) => {
    const context = contextIn(t);
    const site = testSite({ payments: 'stripe' });
    const texts = [
      /stripe-key, stripe-hook-secret, tls-certificate, tls-key/,
      /dashboard\.stripe\.com/,
      /--certificate FILE/,
    ];
    await assert.rejects(siteSecrets(site, context, KEEP), refusal('credential_missing', ...texts));
    assert.equal(existsSync(folderOf(context)), false);
  });

  test('is taken from its file', async (t) => {
    const context = contextIn(t);
    put(context, 'stripe-key', 'sk_live_0123456789abcdef\n');
    put(context, 'stripe-hook-secret', 'whsec_0123456789abcdef');
    put(context, 'smtp-url', 'smtps://shop:pass@mail.example.com:465\n');
    const site = testSite({ payments: 'stripe', certificates: { kind: 'self-signed' } });
    const { values } = await siteSecrets(site, context, KEEP);
    assert.equal(values['stripe-key'], 'sk_live_0123456789abcdef');
    assert.equal(values['smtp-url'], 'smtps://shop:pass@mail.example.com:465');
  });

  const unfit: [name: string, value: string, text: RegExp][] = [
    ['mysql-app-password', "abcdefghijklmnop'; DROP", /a password of 16 to 128/],
    ['mysql-admin-password', 'short', /a password of 16 to 128/],
    ['admin-token', 'two words in a token', /without blanks/],
    ['psp-hook-secret', 'short', /16 or more/],
  ];
  for (const [name, value, text] of unfit) {
    test(`${name} that cannot be used is refused without repeating it`, async (t) => {
      const context = contextIn(t);
      put(context, name, value);
      await assert.rejects(siteSecrets(SELF_SIGNED, context, KEEP), (error: OmsError) => {
        assert.ok(![error.message, error.why, ...error.next].join().includes(value));
        return refusal('input_file', text, new RegExp(name))(error);
      });
    });
  }
});

suite('the key vault', () => {
  const azure = (t: TestContext): Site => {
    const certificate = join(tempFolder(t), 'apps.pem');
    writeFileSync(certificate, '-----BEGIN PRIVATE KEY-----');
    return testSite({
      certificates: { kind: 'self-signed' },
      events: { kind: 'azure', namespace: 'n', tenantId: 't', clientId: 'c', filesAccount: 'f', certificate },
    });
  };
  const provision = ({ settings }: Context, secrets: string[]) => {
    const folder = join(settings.dir, 'demo');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'environment.json'), JSON.stringify(demoEnvironment()));
    const vault = { name: 'kv-oms-demo', uri: 'https://kv-oms-demo/', secrets };
    writeFileSync(join(folder, 'outputs.json'), JSON.stringify(demoOutputs({ key_vault: vault })));
  };

  test('wins over files, and its values are not written down', async (t) => {
    const value = 'from-the-vault-0123456789';
    const cloud = fakeCloud([{ when: 'keyvault secret show', json: { value } }]);
    const context = contextIn(t, { cloud });
    provision(context, ['admin-token', 'mysql-app-password', 'something-else']);
    put(context, 'admin-token', 'from-the-file-0123456789');
    const { values } = await siteSecrets(azure(t), context, KEEP);
    assert.equal(values['admin-token'], value);
    assert.equal(new URL(values['mysql-app-url']!).password, value);
    assert.equal(existsSync(join(folderOf(context), 'mysql-app-password')), false);
    assert.deepEqual(cloud.calls.map((call) => call[call.indexOf('--name') + 1]).sort(), [
      'admin-token',
      'mysql-app-password',
    ]);
    assert.equal(values['hub-key'], undefined);
  });

  test('that does not have one any more is done without', async (t) => {
    const stderr = 'ERROR: (SecretNotFound) A secret with (name/id) admin-token was not found in this key vault.';
    const context = contextIn(t, { cloud: fakeCloud([{ when: 'keyvault secret show', stderr }]) });
    provision(context, ['admin-token']);
    put(context, 'admin-token', 'from-the-file-0123456789');
    assert.equal((await siteSecrets(azure(t), context, KEEP)).values['admin-token'], 'from-the-file-0123456789');
  });

  test('without a login cannot be read, and that is said', async (t) => {
    const stderr = "ERROR: Please run 'az login' to setup account.";
    const context = contextIn(t, { cloud: fakeCloud([{ when: 'keyvault secret show', stderr }]) });
    provision(context, ['admin-token']);
    await assert.rejects(siteSecrets(azure(t), context, KEEP), refusal('login_missing', /az login/, /kv-oms-demo/));
    assert.equal(existsSync(folderOf(context)), false);
  });
});

suite('staging', () => {
  test('lays each secret down for the run, and takes them away again', async (t) => {
    const context = contextIn(t);
    const staged = await stageSecrets(SELF_SIGNED, context);
    assert.deepEqual(readdirSync(staged.folder).sort(), [...staged.names].sort());
    for (const name of staged.names) assert.equal(statSync(join(staged.folder, name)).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(staged.folder, 'mysql-app-url'), 'utf8').includes('\n'), false);
    await staged.remove();
    assert.equal(existsSync(staged.folder), false);
  });

  test('begins with what a run that was cut off has left', async (t) => {
    const context = contextIn(t);
    const { folder } = await stageSecrets(SELF_SIGNED, context);
    writeFileSync(join(folder, 'stripe-key'), 'of another time');
    const again = await stageSecrets(SELF_SIGNED, context);
    assert.equal(existsSync(join(again.folder, 'stripe-key')), false);
  });

  test('leaves nothing where it fails half-way', async (t) => {
    const context = contextIn(t);
    const { machine } = context;
    const secrets = await siteSecrets(SELF_SIGNED, context, KEEP);
    const writeText: typeof machine.writeText = (file, ...rest) => {
      if (file.endsWith('admin-token')) throw new Error('the disk is full');
      machine.writeText(file, ...rest);
    };
    const broken = { ...context, machine: { ...machine, writeText } };
    await assert.rejects(stageSecrets(SELF_SIGNED, broken, secrets), /full/);
    assert.equal(existsSync(join(sitePaths(context.settings.dir, 'demo').deploy, 'secrets')), false);
  });

  test('reads a certificate that others may read, which the preflight warns of', async (t) => {
    const folder = tempFolder(t);
    const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
    for (const file of Object.values(files)) writeFileSync(file, `PEM of ${file}`);
    chmodSync(files.key, 0o644);
    const staged = await stageSecrets(testSite({ certificates: { kind: 'files', ...files } }), contextIn(t));
    assert.equal(readFileSync(join(staged.folder, 'tls-key'), 'utf8'), `PEM of ${files.key}`);
  });
});
