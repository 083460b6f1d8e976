import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate for servers on this machine, and the authority that vouches for it. */
export interface Certificates {
  /** PEM texts. */
  ca: string;
  cert: string;
  key: string;
  /** The same as files, for programs that take paths: REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS. */
  caFile: string;
  certFile: string;
  keyFile: string;
}

async function makeAuthority() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'oms test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 30 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert, key };
}

/**
 * Makes an authority and a certificate of it for localhost, and writes both into `folder` as PEM files.
 * @param names more host names the certificate is for, such as *.servicebus.windows.net
 * @param ends when the certificate expires; in 30 days where nothing is said.
 */
export async function makeCertificates(
  folder: string,
  names: readonly string[] = [],
  ends = new Date(Date.now() + 30 * DAY_MS),
): Promise<Certificates> {
  const authority = await makeAuthority();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    notBeforeDate: new Date(Math.min(Date.now(), ends.getTime()) - DAY_MS),
    notAfterDate: ends,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          ...names.map((value) => ({ type: 2, value }) as const),
        ],
      },
    ],
  });
  const files = {
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(files.caFile, authority.cert);
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  return { ca: authority.cert, cert, key, ...files };
}
