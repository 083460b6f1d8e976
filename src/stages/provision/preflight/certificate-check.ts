import { messageOf, OmsError } from '../../../errors.ts';
import { type PublicCertificate, readCertificate } from '../certificate.ts';
import { type Check, type CheckInput, failed, ok, type Verdict, warning } from './check.ts';

/** Smallest RSA key that signs in safely (NIST SP 800-131A: 112 bits of strength). */
const MINIMUM_BITS = 2_048;

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

const day = (date: Date) => date.toISOString().slice(0, 10);

/** What is wrong with a certificate as of `now`. Entra ID's own library signs with RSA keys alone. */
export function judgeCertificate(certificate: PublicCertificate, now: Date): Verdict {
  const { subject, validFrom, validTo, keyType, keyBits } = certificate;
  if (validTo <= now) return failed(`the certificate of ${subject} has expired on ${day(validTo)}`, 'Make a new one.');
  if (validFrom > now) return failed(`the certificate of ${subject} is not valid before ${day(validFrom)}`);
  if (keyType !== 'rsa') return failed(`the certificate's key is ${keyType}, and signing in needs RSA`);
  if ((keyBits ?? 0) < MINIMUM_BITS)
    return failed(`the certificate's key has ${keyBits} bits, fewer than ${MINIMUM_BITS}`);
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
  if (days < SOON_DAYS) return warning(`the certificate of ${subject} expires in ${days} days`, 'Make a new one soon.');
  return ok(`${subject}, RSA ${keyBits}, until ${day(validTo)}`);
}

async function run({ context, environment, options }: CheckInput): Promise<Verdict> {
  if (options.certificateFile === undefined) {
    if (environment.applicationObjectId) return ok(`the service principal ${environment.applicationObjectId} is given`);
    if (environment.sasFallback) return ok('shared access keys are used instead');
    return warning(
      'the apps on-prem have nothing to sign in with',
      '--certificate FILE, --principal ID or --sas-fallback',
    );
  }
  try {
    return judgeCertificate(await readCertificate(options.certificateFile), context.now());
  } catch (error) {
    if (!(error instanceof OmsError)) throw error;
    return failed(`${messageOf(error)}: ${error.why}`, ...error.next);
  }
}

export const CERTIFICATE_CHECKS: readonly Check[] = [{ name: 'certificate', needs: [], run }];
