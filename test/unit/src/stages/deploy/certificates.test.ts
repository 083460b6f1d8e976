import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { generate } from 'selfsigned';
import { judgeKind } from '../../../../../src/stages/deploy/certificates/judge.ts';
import { certificateChecks } from '../../../../../src/stages/deploy/certificates.ts';
import type { Site } from '../../../../../src/stages/deploy/site.ts';
import { testSite } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-21T12:00:00Z');
const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const context = { now: () => NOW };

interface Wanted {
  names?: string[];
  from?: Date;
  to?: Date;
  keySize?: 1_024 | 2_048;
  ca?: { cert: string; key: string };
  isAuthority?: boolean;
}

const PEER = ['shop.example.com', '*.example.org'];

/** EC unless a size is said, which is quick. */
async function make(subject: string, { names = PEER, from = after(-1), to = after(90), ...more }: Wanted = {}) {
  const made = await generate([{ name: 'commonName', value: subject }], {
    ...(more.keySize ? { keyType: 'rsa', keySize: more.keySize } : { keyType: 'ec' }),
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
    ...(more.ca && { ca: more.ca }),
    extensions: [
      { name: 'basicConstraints', cA: more.isAuthority ?? false, critical: true },
      ...(more.isAuthority ? [{ name: 'keyUsage', keyCertSign: true, critical: true } as const] : []),
      ...(names.length > 0
        ? [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value }) as const) } as const]
        : []),
    ],
  });
  return { cert: made.cert, key: made.private };
}

const authority = await make('Example authority', { names: [], to: after(900), isAuthority: true });
const good = await make('shop.example.com', { ca: authority });

function siteWith(t: TestContext, cert: string, key: string, changes: Partial<Site> = {}): Site {
  const folder = tempFolder(t);
  const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return testSite({ domains: ['shop.example.com'], certificates: { kind: 'files', ...files }, ...changes });
}

async function checkOf(site: Site) {
  const [check] = await certificateChecks(site, context);
  return check!;
}

suite('the certificate of the shop', () => {
  test('with its chain is well', async (t) => {
    const check = await checkOf(
      siteWith(t, good.cert + authority.cert, good.key, { domains: ['shop.example.com', 'a.example.org'] }),
    );
    assert.deepEqual([check.id, check.state, check.next], ['shop-certificate', 'ok', []]);
    assert.match(check.why, /CN=shop\.example\.com, for shop\.example\.com, a\.example\.org, until 2027-02-19/);
  });

  const bad: [what: string, wanted: Wanted, state: string, why: RegExp][] = [
    ['expired', { to: after(-0.5), from: after(-9) }, 'fail', /has expired on 2026-11-21/],
    ['not valid yet', { from: after(1) }, 'fail', /not valid before 2026-11-22/],
    ['soon to expire', { to: after(13.5) }, 'warn', /expires in 13 days/],
    ['of other names', { names: ['example.com'] }, 'fail', /not for shop\.example\.com: it has DNS:example\.com/],
    ['with a name in its subject alone', { names: [] }, 'fail', /no alternative name/],
    ['with a short key', { keySize: 1_024 }, 'fail', /1024 bits/],
  ];
  for (const [what, wanted, state, why] of bad) {
    test(`that is ${what}`, async (t) => {
      const { cert, key } = await make('shop.example.com', wanted.keySize ? wanted : { ca: authority, ...wanted });
      const check = await checkOf(siteWith(t, cert + authority.cert, key));
      assert.equal(check.state, state);
      assert.match(check.why, why);
    });
  }

  test('a star covers one label, and none of an address', async (t) => {
    const site = siteWith(t, good.cert + authority.cert, good.key, { domains: ['a.b.example.org', '192.0.2.1'] });
    assert.match((await checkOf(site)).why, /not for a\.b\.example\.org, 192\.0\.2\.1/);
  });

  test('with the key of another', async (t) => {
    const check = await checkOf(siteWith(t, good.cert + authority.cert, authority.key));
    assert.equal(check.state, 'fail');
    assert.match(check.why, /not that of the certificate/);
  });

  test('without the certificate of its issuer', async (t) => {
    const check = await checkOf(siteWith(t, good.cert, good.key));
    assert.equal(check.state, 'warn');
    assert.match(check.why, /issuer \(CN=Example authority\) is missing/);
    assert.match(check.next.join(), /fullchain\.pem/);
  });

  test('that comes after its chain', async (t) => {
    const check = await checkOf(siteWith(t, authority.cert + good.cert, authority.key));
    assert.match(check.why, /first certificate is that of an authority/);
  });

  test('with a stranger in its chain', async (t) => {
    const stranger = await make('Another authority', { names: [], isAuthority: true });
    const check = await checkOf(siteWith(t, good.cert + stranger.cert, good.key));
    assert.equal(check.state, 'warn');
    assert.match(check.why, /CN=Another authority has not issued/);
  });

  test('that vouches for itself', async (t) => {
    const { cert, key } = await make('shop.example.com');
    assert.match((await checkOf(siteWith(t, cert, key))).why, /vouches for itself/);
  });

  test('whose key others may read', async (t) => {
    const site = siteWith(t, good.cert + authority.cert, good.key);
    const file = site.certificates.kind === 'files' ? site.certificates.key : '';
    chmodSync(file, 0o644);
    const check = await checkOf(site);
    assert.deepEqual([check.state, check.next], ['warn', [`chmod 600 ${file}`]]);
  });

  test('whose key is encrypted', async (t) => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    });
    const check = await checkOf(siteWith(t, good.cert, privateKey));
    assert.equal(check.state, 'fail');
    assert.match(check.why, /nobody types a passphrase/);
  });

  const files: [what: string, cert: string, key: string, why: RegExp][] = [
    ['no PEM', 'hello', good.key, /holds no certificate/],
    ['one for OpenSSL alone', good.cert.replaceAll(' CERT', ' TRUSTED CERT'), good.key, /holds no certificate/],
    ['a damaged certificate', good.cert.replace(/\n.{20}/, '\n'), good.key, /damaged/],
    ['no key', good.cert, good.cert, /holds no private key/],
    ['a damaged key', good.cert, good.key.replace(/\n.{20}/, '\nAAAA'), /private key that is damaged/],
    ['a file that is far too long', 'x'.repeat(300_000), good.key, /more than 256 kB/],
  ];
  for (const [what, cert, key, why] of files) {
    test(`${what} in its place`, async (t) => {
      const check = await checkOf(siteWith(t, cert, key));
      assert.equal(check.state, 'fail');
      assert.match(check.why, why);
      assert.ok(!key.split('\n').some((line) => line.length > 30 && check.why.includes(line)));
    });
  }

  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
  const kinds: [key: KeyObject, why: RegExp | undefined][] = [
    [ec('prime256v1'), undefined],
    [ec('secp384r1'), undefined],
    [ec('secp521r1'), /ec secp521r1/],
    [ec('secp256k1'), /ec secp256k1/],
    [generateKeyPairSync('ed25519').privateKey, /ed25519/],
    [generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).privateKey, /rsa-pss/],
  ];
  for (const [key, why] of kinds) {
    test(`with a key of kind ${key.asymmetricKeyType} ${key.asymmetricKeyDetails?.namedCurve ?? ''}`, () => {
      const [finding] = judgeKind(key);
      if (why) assert.match(finding?.why ?? '', why);
      else assert.equal(finding, undefined);
    });
  }

  test('that is not there', async () => {
    const check = await checkOf(testSite());
    assert.equal(check.state, 'fail');
    assert.match(check.why, /\/tmp\/cert\.pem: there is no such file/);
  });
});

test('a certificate that others make is not looked at', async () => {
  assert.deepEqual(await certificateChecks(testSite({ certificates: { kind: 'self-signed' } }), context), []);
});

suite('the certificate for Event Hubs', () => {
  const azureSite = (certificate: string) =>
    testSite({
      certificates: { kind: 'self-signed' },
      events: { kind: 'azure', namespace: 'n', tenantId: 't', clientId: 'c', filesAccount: 'f', certificate },
    });

  test('is one file with an RSA key', async (t) => {
    const file = join(tempFolder(t), 'apps.pem');
    const { cert, key } = await make('oms apps', { names: [], keySize: 2_048 });
    writeFileSync(file, key + cert, { mode: 0o600 });
    const check = await checkOf(azureSite(file));
    assert.deepEqual([check.id, check.state], ['azure-certificate', 'ok']);
  });

  test('with another kind of key signs in nowhere', async (t) => {
    const file = join(tempFolder(t), 'apps.pem');
    writeFileSync(file, good.key + good.cert, { mode: 0o600 });
    assert.match((await checkOf(azureSite(file))).why, /its key is ec, and signing in needs RSA/);
  });

  test('without its key', async (t) => {
    const file = join(tempFolder(t), 'apps.pem');
    writeFileSync(file, good.cert, { mode: 0o600 });
    assert.match((await checkOf(azureSite(file))).why, /holds no private key/);
  });
});
