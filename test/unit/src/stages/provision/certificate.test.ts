import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { readCertificate } from '../../../../../src/stages/provision/certificate.ts';
import { judgeCertificate } from '../../../../../src/stages/provision/preflight/certificate-check.ts';
import { makeCertificate } from '../../../../helpers/sign-in-certificate.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

const judged = async (t: TestContext, options: Parameters<typeof makeCertificate>[1] = {}, now = new Date()) => {
  const { certificateFile } = await makeCertificate(tempFolder(t), options);
  const { state, detail } = judgeCertificate(await readCertificate(certificateFile), now);
  return `${state} ${detail}`;
};

const file = (t: TestContext, content: string | Buffer) => {
  const path = join(tempFolder(t), 'file.crt');
  writeFileSync(path, content);
  return path;
};

suite('a certificate to sign in with', () => {
  test('is read in PEM and in DER, with the thumbprint Entra ID knows it by', async (t) => {
    const { certificateFile, certificate } = await makeCertificate(tempFolder(t));
    const { raw, fingerprint } = new X509Certificate(certificate);
    const read = await readCertificate(certificateFile);
    assert.deepEqual(await readCertificate(file(t, raw)), read);
    assert.equal(read.thumbprint, fingerprint.replaceAll(':', ''));
    assert.deepEqual(Buffer.from(read.base64, 'base64'), raw);
    assert.ok(read.base64.endsWith('\n') && read.base64.split('\n').every((line) => line.length <= 64));
  });

  test('is good, or says what it lacks', async (t) => {
    assert.match(await judged(t), /^ok CN=oms apps, RSA 2048, until \d{4}-\d\d-\d\d$/);
    assert.match(await judged(t, { to: inDays(9.5) }), /^warning the certificate of CN=oms apps expires in 9 days$/);
    assert.match(await judged(t, { from: inDays(-9), to: inDays(-1) }), /^failed .* has expired on/);
    assert.match(await judged(t, { from: inDays(3) }), /^failed .* is not valid before/);
    assert.match(await judged(t, { keySize: 1024 }), /^failed the certificate's key has 1024 bits, fewer than 2048$/);
    assert.match(await judged(t, { keyType: 'ec' }), /^failed the certificate's key is ec, and signing in needs RSA$/);
  });

  test('that is none is told so: a key alone, prose, nothing, a huge file, a folder', async (t) => {
    const { privateKey } = await makeCertificate(tempFolder(t));
    const none = /no X\.509 certificate in PEM or DER form/;
    const cases: [string, RegExp][] = [
      [file(t, privateKey), none],
      [file(t, 'a certificate'), none],
      [file(t, ''), none],
      [file(t, Buffer.alloc(1 << 20)), /more than 256 kB/],
      [tempFolder(t), /EISDIR|folder/],
      ['/no/such.crt', /ENOENT/],
    ];
    for (const [path, why] of cases) {
      await assert.rejects(readCertificate(path), (error: Error & { code: string; why: string }) => {
        assert.equal(error.code, 'input_file');
        assert.match(error.why, why);
        assert.doesNotMatch(error.message + error.why, /PRIVATE KEY/);
        return true;
      });
    }
  });
});
