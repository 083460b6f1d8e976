import type { KeyObject, X509Certificate } from 'node:crypto';
import { X509Certificate as Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { visible } from '../../../ui/visible.ts';

/** What is wrong with a certificate; without any finding it is well. */
export interface Finding {
  state: 'fail' | 'warn';
  /** One sentence, without its full stop. */
  why: string;
  next: readonly string[];
}

const DAY_MS = 86_400_000;
/** An authority that works renews a certificate of 90 days a month before its end. */
const SOON_DAYS = 14;
/** What both Go's TLS, which the proxy speaks, and browsers sign with. */
const CURVES = ['prime256v1', 'secp384r1'];
/** Smallest RSA key that browsers take (CA/Browser Forum, Baseline Requirements 6.1.5). */
const MINIMUM_BITS = 2_048;

const day = (date: Date) => date.toISOString().slice(0, 10);
export const subjectOf = ({ subject }: X509Certificate) => visible((subject ?? '').replaceAll('\n', ', ')) || 'no name';

const failed = (why: string, ...next: string[]): Finding => ({ state: 'fail', why, next });
const warning = (why: string, ...next: string[]): Finding => ({ state: 'warn', why, next });

/** Whether it holds today, and for how long. */
export function judgeTime(certificate: X509Certificate, now: Date, renew: string): Finding[] {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const subject = subjectOf(certificate);
  if (to <= now) return [failed(`the certificate of ${subject} has expired on ${day(to)}`, renew)];
  if (from > now) {
    return [
      failed(`the certificate of ${subject} is not valid before ${from.toISOString()}`, 'date: is the clock right?'),
    ];
  }
  const days = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
  return days < SOON_DAYS ? [warning(`the certificate of ${subject} expires in ${days} days`, renew)] : [];
}

export function judgeKey(certificate: X509Certificate, key: KeyObject): Finding[] {
  if (!certificate.checkPrivateKey(key)) {
    return [failed('the private key is not that of the certificate', 'name the key that its request was signed with')];
  }
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  const bits = details?.modulusLength ?? MINIMUM_BITS;
  return kind === 'rsa' && bits < MINIMUM_BITS ? [failed(`the key has ${bits} bits, fewer than ${MINIMUM_BITS}`)] : [];
}

/** A key that fits its certificate and that browsers cannot use all the same. */
export function judgeKind({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): Finding[] {
  if (kind === 'rsa' || (kind === 'ec' && CURVES.includes(details?.namedCurve ?? ''))) return [];
  const name = [kind, details?.namedCurve].filter(Boolean).join(' ');
  return [failed(`browsers take no certificate with a key of kind ${name}`, 'use RSA, or EC on P-256 or P-384')];
}

/** Browsers look at the alternative names alone. */
const covers = (certificate: X509Certificate, domain: string): boolean =>
  (isIP(domain) ? certificate.checkIP(domain) : certificate.checkHost(domain, { subject: 'never' })) !== undefined;

export function judgeNames(certificate: X509Certificate, domains: readonly string[]): Finding[] {
  const missing = domains.filter((domain) => !covers(certificate, domain));
  if (missing.length === 0) return [];
  const names = visible(certificate.subjectAltName ?? 'no alternative name');
  return [
    failed(`the certificate is not for ${missing.join(', ')}: it has ${names}`, `--domain, or another certificate`),
  ];
}

const isSelfIssued = (certificate: X509Certificate) => certificate.checkIssued(certificate);
const isKnownRoot = (certificate: X509Certificate) =>
  rootCertificates.some((root) => certificate.checkIssued(new Certificate(root)));

/** What stands between the server's certificate and an authority that browsers know. */
export function judgeChain([leaf, ...rest]: readonly [X509Certificate, ...X509Certificate[]], now: Date): Finding[] {
  if (leaf.ca && rest.length > 0) {
    return [
      failed(
        'the first certificate is that of an authority',
        "put the server's own certificate first, its chain after it",
      ),
    ];
  }
  if (isSelfIssued(leaf)) return [warning('the certificate vouches for itself: browsers warn of it')];
  const expired = rest.find((certificate) => new Date(certificate.validTo) <= now);
  if (expired) return [failed(`the chain is broken: ${subjectOf(expired)} has expired`)];
  const chain = [leaf, ...rest];
  const gap = chain.findIndex((certificate, index) => index > 0 && !chain[index - 1]!.checkIssued(certificate));
  if (gap > 0)
    return [warning(`the chain is out of order: ${subjectOf(chain[gap]!)} has not issued what is before it`)];
  if (rest.length > 0 || isKnownRoot(leaf)) return [];
  const issuer = visible((leaf.issuer ?? '').replaceAll('\n', ', '));
  return [
    warning(
      `the certificate of its issuer (${issuer}) is missing: some browsers and most programs will not trust it`,
      'take the file with the chain (fullchain.pem), or append the intermediate certificate',
    ),
  ];
}
