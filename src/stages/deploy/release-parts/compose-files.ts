import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { servicesOf } from '../../../render/inventory.ts';
import type { Service, ServiceName } from '../services.ts';
import type { Site } from '../site.ts';
import { isSplit } from '../site-network.ts';

const Parts = Type.Record(Type.String(), Type.Unknown());

/** What of a compose file matters here. */
const ComposeFile = Type.Object({
  services: Type.Record(Type.String(), Parts),
  networks: Type.Optional(Parts),
  volumes: Type.Optional(Parts),
});
export type ComposeFile = Static<typeof ComposeFile>;
const validator = Compile(ComposeFile);

/** Which compose files a site needs, in their order; templates/compose/README.md has the same table. */
export function composeFileNames(site: Site, hasMailServer: boolean): string[] {
  const { events, payments, certificates } = site;
  return [
    'compose.yaml',
    `compose.${events.kind}.yaml`,
    ...(payments === 'stripe' ? ['compose.stripe.yaml'] : []),
    ...(certificates.kind === 'files' ? ['compose.certificate.yaml'] : []),
    ...(hasMailServer ? ['compose.mail.yaml'] : []),
    ...(isSplit(site) ? ['compose.split.yaml'] : []),
  ];
}

/** Profiles of compose.yaml that a site has. */
export const profilesOf = ({ events, payments, observability }: Site): NonNullable<Service['profile']>[] => [
  ...(events.kind === 'local' ? (['hub'] as const) : []),
  ...(payments === 'sandbox' ? (['sandbox'] as const) : []),
  ...(observability ? (['observability'] as const) : []),
];

/** Services of a site, in the order of services.ts; setup is among them, which is run and never up. */
export const serviceNamesOf = (site: Site): ServiceName[] => servicesOf(site).map(({ name }) => name);

/** The files as data; anchors and merges are resolved, so that their places do not matter. */
export async function readComposeFiles(folder: string, names: readonly string[]): Promise<ComposeFile[]> {
  return Promise.all(
    names.map(async (name) => {
      const value: unknown = parse(await readFile(join(folder, name), 'utf8'), { merge: true, maxAliasCount: -1 });
      if (validator.Check(value)) return value;
      throw new TypeError(`${name} is no compose file`);
    }),
  );
}
