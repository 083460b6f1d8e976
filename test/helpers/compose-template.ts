import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parseDocument, visit } from 'yaml';

/** Text of each file below templates/compose that these rules read, by its path there. */
export type ComposeFiles = Record<string, string>;

type Environment = Record<string, string>;

/** A service as the files say it, before variables are filled in. */
export interface ComposeService {
  image?: string;
  command?: string[];
  user?: string;
  environment?: Environment;
  secrets?: string[];
  networks?: Record<string, { aliases?: string[] } | null>;
  volumes?: string[];
  tmpfs?: string[];
  ports?: string[];
  labels?: Record<string, string>;
  profiles?: string[];
  healthcheck?: Record<string, unknown>;
  logging?: { driver?: string; options?: Record<string, string> };
  [key: string]: unknown;
}

export interface ComposeStack {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file?: string }>;
  /** Ports that YAML reads as something else than text. */
  unquoted: string[];
}

export interface Compose {
  /** compose.yaml alone. */
  base: ComposeStack;
  /** compose.yaml with every other file on top, which no site has but every rule can look at. */
  all: ComposeStack;
  dockerfiles: Record<string, string>;
}

/** Says what is wrong, one line a finding, beginning with the service or file. */
export type ComposeRule = (compose: Compose) => string[];

const FOLDER = join(import.meta.dirname, '..', '..', 'templates', 'compose');

export const readComposeFiles = (): ComposeFiles =>
  Object.fromEntries(
    globSync(['*.yaml', 'images/*/Dockerfile'], { cwd: FOLDER })
      .sort()
      .map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]),
  );

function parse(text: string, file: string): Partial<ComposeStack> {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const unquoted: string[] = [];
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== 'ports') return;
      visit(pair.value as never, {
        Scalar(_index, scalar) {
          if (scalar.type === 'PLAIN') unquoted.push(`${file}: port ${scalar.source} is not in quotes`);
        },
      });
    },
  });
  return { ...(document.toJS({ maxAliasCount: -1 }) as Partial<ComposeStack>), unquoted };
}

const listed = (networks: unknown): ComposeService['networks'] =>
  Array.isArray(networks) ? Object.fromEntries(networks.map((name) => [name, null])) : (networks as never);

/** Lists grow, maps are joined, everything else is replaced: as Compose does it. */
function joined(below: unknown, above: unknown): unknown {
  if (Array.isArray(below) && Array.isArray(above)) return [...below, ...above];
  if (!below || !above || typeof below !== 'object' || typeof above !== 'object') return above ?? below;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, joined(below[key as never], above[key as never])]));
}

function normal(stack: Partial<ComposeStack>): ComposeStack {
  const services = Object.entries(stack.services ?? {}).map(([name, service]) => {
    const networks = listed(service.networks);
    return [name, { ...service, ...(networks && { networks }) }];
  });
  const { networks = {}, volumes = {}, secrets = {}, unquoted = [] } = stack;
  return { services: Object.fromEntries(services), networks, volumes, secrets, unquoted };
}

/** @throws {Error} naming the file that is no YAML */
export function parseCompose(files: ComposeFiles): Compose {
  const stacks = Object.entries(files)
    .filter(([name]) => name.endsWith('.yaml') && name !== 'compose.yaml')
    .map(([name, text]) => normal(parse(text, name)));
  const base = normal(parse(files['compose.yaml']!, 'compose.yaml'));
  const all = stacks.reduce((below, above) => joined(below, above) as ComposeStack, base);
  const dockerfiles = Object.fromEntries(Object.entries(files).filter(([name]) => name.endsWith('Dockerfile')));
  return { base, all, dockerfiles };
}

/** One finding a service that `fault` has something to say of. */
export function eachService(
  stack: ComposeStack,
  fault: (service: ComposeService, name: string) => string | readonly string[] | undefined | false,
): string[] {
  return Object.entries(stack.services).flatMap(([name, service]) =>
    [fault(service, name) || []].flat().map((found) => `${name}: ${found}`),
  );
}
