import type { Context } from '../../context.ts';
import {
  type Finding,
  judgeChain,
  judgeKey,
  judgeKind,
  judgeNames,
  judgeTime,
  subjectOf,
} from './certificates/judge.ts';
import { certificatesIn, keyIn, PemProblem, readPem } from './certificates/pem.ts';
import type { Check } from './preflight/check.ts';
import type { Site } from './site.ts';

/** One of the checks of a preflight, of the whole site. */
export type CertificateCheck = Check & { id: 'shop-certificate' | 'azure-certificate'; host: null };

type Subject = Pick<CertificateCheck, 'id' | 'title' | 'host'>;

/** All that was found in one: the worst decides, and everything of that kind is told. */
function summarise(subject: Subject, findings: readonly Finding[], wellText: string): CertificateCheck {
  const state = (['fail', 'warn'] as const).find((one) => findings.some((finding) => finding.state === one));
  if (!state) return { ...subject, state: 'ok', why: wellText, next: [] };
  const told = findings.filter((finding) => finding.state === state);
  const next = [...new Set(told.flatMap((finding) => finding.next))];
  return { ...subject, state, why: told.map(({ why }) => why).join('; '), next };
}

const openKey = (file: string, isOpen: boolean): Finding[] =>
  isOpen
    ? [{ state: 'warn', why: `others on this machine may read the key ${file}`, next: [`chmod 600 ${file}`] }]
    : [];

async function told(subject: Subject, work: () => Promise<CertificateCheck>): Promise<CertificateCheck> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PemProblem)) throw error;
    return { ...subject, state: 'fail', why: error.message, next: ['openssl x509 -in FILE -noout -text'] };
  }
}

const until = (validTo: string) => new Date(validTo).toISOString().slice(0, 10);

const checkShop = (site: Site, files: { certificate: string; key: string }, now: Date): Promise<CertificateCheck> => {
  const subject: Subject = { id: 'shop-certificate', title: 'certificate of the shop', host: null };
  return told(subject, async () => {
    const [pem, keyPem] = [await readPem(files.certificate), await readPem(files.key)];
    const chain = certificatesIn(pem.text, files.certificate);
    const [leaf] = chain;
    const key = keyIn(keyPem.text, files.key);
    const findings = [
      ...judgeTime(leaf, now, 'ask its authority for a new one'),
      ...judgeKey(leaf, key),
      ...judgeKind(key),
      ...judgeNames(leaf, site.domains),
      ...judgeChain(chain, now),
      ...openKey(files.key, keyPem.open),
    ];
    return summarise(
      subject,
      findings,
      `${subjectOf(leaf)}, for ${site.domains.join(', ')}, until ${until(leaf.validTo)}`,
    );
  });
};

const checkAzure = (file: string, now: Date): Promise<CertificateCheck> => {
  const subject: Subject = { id: 'azure-certificate', title: 'certificate for Event Hubs', host: null };
  return told(subject, async () => {
    const pem = await readPem(file);
    const [leaf] = certificatesIn(pem.text, file);
    const key = keyIn(pem.text, file);
    const kind = key.asymmetricKeyType;
    const findings: Finding[] = [
      ...judgeTime(leaf, now, 'make a new one, and "oms provision --certificate FILE" with its public half'),
      ...judgeKey(leaf, key),
      // The library of Entra ID signs with RSA alone.
      ...(kind === 'rsa'
        ? []
        : [{ state: 'fail' as const, why: `its key is ${kind}, and signing in needs RSA`, next: [] }]),
      ...openKey(file, pem.open),
    ];
    return summarise(subject, findings, `${subjectOf(leaf)}, until ${until(leaf.validTo)}`);
  });
};

/**
 * Looks at the certificates a site brings along, for the list of its preflight; nothing of a key is in what comes back.
 * @returns nothing for a site whose certificates are made by others.
 */
export function certificateChecks(site: Site, { now }: Pick<Context, 'now'>): Promise<CertificateCheck[]> {
  const { certificates, events } = site;
  return Promise.all([
    ...(certificates.kind === 'files' ? [checkShop(site, certificates, now())] : []),
    ...(events.kind === 'azure' ? [checkAzure(events.certificate, now())] : []),
  ]);
}
