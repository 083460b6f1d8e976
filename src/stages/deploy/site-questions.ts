import { resolve } from 'node:path';
import { parseEmail, parsePath } from '../../config/azure-values.ts';
import type { SiteOptions } from '../../config/deploy-options.ts';
import { parseDomain, parseHosts } from '../../config/host-list.ts';
import { messageOf, OmsError } from '../../errors.ts';
import type { Prompts } from '../../ui/ask.ts';
import type { Site } from './site.ts';

const validated = (parse: (answer: string) => unknown) => (answer: string) => {
  try {
    parse(answer.trim());
    return true;
  } catch (error) {
    return messageOf(error);
  }
};

async function ask<T>(prompts: Prompts, message: string, parse: (answer: string) => T): Promise<T> {
  return parse(await prompts.text({ message, validate: validated(parse) }));
}

const file = (text: string) => resolve(parsePath(text, './file'));
const domainsOf = (text: string) =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseDomain);

const WAYS = {
  "Let's Encrypt makes it": 'acme',
  'I have files': 'files',
  'self-signed, for a trial': 'self-signed',
} as const;

async function askCertificate(prompts: Prompts): Promise<Partial<SiteOptions>> {
  const choices = Object.keys(WAYS) as (keyof typeof WAYS)[];
  const way = WAYS[(await prompts.choice({ message: 'Certificate of the shop', choices })) as keyof typeof WAYS];
  if (way === 'self-signed') return { selfSigned: true };
  if (way === 'acme') {
    const parse = (text: string) => parseEmail(text, '--acme-email');
    return { acmeEmail: await ask(prompts, "Mail address for Let's Encrypt", parse) };
  }
  const certificate = await ask(prompts, 'Certificate with its chain (PEM)', file);
  return { certificate, certificateKey: await ask(prompts, 'Its private key (PEM)', file) };
}

async function askEvents(prompts: Prompts, provisioned: boolean): Promise<'azure' | 'local'> {
  const azure = 'Azure Event Hubs, as oms provision made it';
  const local = "a hub of the site's own";
  const choices = provisioned ? [azure, local] : [local, azure];
  const message = 'Where do events go? (it can never be changed)';
  return (await prompts.choice({ message, choices })) === azure ? 'azure' : 'local';
}

/** What nobody has said yet, each with its flag and the question for it. */
interface Gap {
  flag: string;
  ask: (prompts: Prompts) => Promise<Partial<SiteOptions>>;
}

const saysCertificate = ({ acmeEmail, certificate, selfSigned }: SiteOptions) =>
  acmeEmail !== undefined || certificate !== undefined || selfSigned === true;

/** Which inputs are missing for a site on servers; a site on this machine needs none. */
export function gapsOf(options: SiteOptions, saved: Site | undefined, provisioned: boolean): Gap[] {
  if (saved || options.target === 'local') return [];
  const gap = (missing: boolean, flag: string, question: Gap['ask']): Gap[] =>
    missing ? [{ flag, ask: question }] : [];
  return [
    ...gap(options.hosts === undefined, '--hosts USER@HOST', async (prompts) => ({
      hosts: await ask(prompts, 'Servers (USER@HOST, or web=..,app=..,data=..)', parseHosts),
    })),
    ...gap(!options.domains?.length, '--domain NAME', async (prompts) => ({
      domains: await ask(prompts, 'Domain of the shop', domainsOf),
    })),
    ...gap(
      !saysCertificate(options),
      '--acme-email ADDRESS (or --certificate FILE --certificate-key FILE, or --self-signed)',
      askCertificate,
    ),
    ...gap(options.events === undefined, '--events azure|local', async (prompts) => ({
      events: await askEvents(prompts, provisioned),
    })),
  ];
}

/** Azure asks for a certificate to sign in with, once it is known that events go there. */
export const azureGaps = (options: SiteOptions, saved: Site | undefined): Gap[] =>
  (saved?.events.kind ?? options.events) === 'azure' &&
  saved?.events.kind !== 'azure' &&
  options.azureCertificate === undefined
    ? [
        {
          flag: '--azure-certificate FILE',
          ask: async (prompts) => ({
            azureCertificate: await ask(prompts, 'Key and certificate (one PEM) that sign in to Event Hubs', file),
          }),
        },
      ]
    : [];

/** @throws {OmsError} usage naming everything that is missing */
export function refuseGaps(gaps: readonly Gap[], env: string): void {
  if (gaps.length === 0) return;
  throw new OmsError('usage', `missing: ${gaps.map(({ flag }) => flag).join(', ')}`, {
    why: 'nobody can be asked here: there is no terminal, or --no-input or --json says not to ask',
    next: [
      `oms deploy --env ${env} --hosts deploy@203.0.113.5 --domain shop.example.com --acme-email ops@example.com --events local`,
      `oms deploy --env ${env} --target local`,
    ],
  });
}

/** Asks for what is missing, one thing after the other. */
export async function askGaps(gaps: readonly Gap[], options: SiteOptions, prompts: Prompts): Promise<SiteOptions> {
  let answered = options;
  for (const { ask: question } of gaps) answered = { ...answered, ...(await question(prompts)) };
  return answered;
}
