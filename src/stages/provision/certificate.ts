import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { messageOf, OmsError } from '../../errors.ts';

/** A certificate has a few kilobytes; a chain in PEM a few dozen. */
const LIMIT = 256 * 1024;

/** The public half of what the apps on-prem sign in with. */
export interface PublicCertificate {
  subject: string;
  validFrom: Date;
  validTo: Date;
  /** "rsa", "ec" ... */
  keyType: string;
  /** Of the RSA modulus; undefined for other kinds. */
  keyBits: number | undefined;
  /** SHA-1 in capital hex digits, which is how Entra ID names certificates. */
  thumbprint: string;
  /** Base64 of the DER form in lines, without the PEM's header: what az takes. */
  base64: string;
}

async function readLimited(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(LIMIT + 1), 0, LIMIT + 1, 0);
    if (bytesRead > LIMIT) throw new Error(`it has more than ${LIMIT / 1024} kB`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function describe(certificate: X509Certificate): PublicCertificate {
  const { publicKey, raw } = certificate;
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    keyType: publicKey.asymmetricKeyType ?? 'unknown',
    keyBits: publicKey.asymmetricKeyDetails?.modulusLength,
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    base64: `${raw.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n`,
  };
}

/**
 * Reads a certificate in PEM or DER form. A private key in the same file is not looked at and never leaves it.
 * @throws {OmsError} input_file when there is none, or when it does not parse.
 */
export async function readCertificate(file: string): Promise<PublicCertificate> {
  try {
    return describe(new X509Certificate(await readLimited(file)));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = code.startsWith('ERR_OSSL') ? 'it holds no X.509 certificate in PEM or DER form' : messageOf(error);
    throw new OmsError('input_file', `the certificate ${file} cannot be used`, {
      why,
      next: ['openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=oms -keyout oms.key -out oms.crt'],
      cause: error,
    });
  }
}
