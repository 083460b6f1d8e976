import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate as the apps on-prem sign in with: self-signed, RSA 2048, for a year and a half, unless said otherwise. */
export async function makeCertificate(
  folder: string,
  options: { keySize?: 1024 | 2048; keyType?: 'rsa' | 'ec'; from?: Date; to?: Date } = {},
) {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const { keySize = 2048, keyType = 'rsa', from = new Date(now - DAY_MS), to = new Date(now + 550 * DAY_MS) } = options;
  const made = await generate([{ name: 'commonName', value: 'oms apps' }], {
    keyType,
    keySize,
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
  });
  const certificateFile = join(folder, 'apps.crt');
  writeFileSync(certificateFile, made.cert);
  return { certificateFile, certificate: made.cert, privateKey: made.private, validTo: to };
}
