import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeRelease, type ReleaseSources } from '../../src/stages/deploy/make-release.ts';
import type { SecretName } from '../../src/stages/deploy/services.ts';
import type { Site } from '../../src/stages/deploy/site.ts';
import { quietContext } from './quiet-context.ts';

/** Build contexts as `npm run build` leaves them, with next to nothing in them. */
export function writeContexts(folder: string, changes: Readonly<Record<string, string>> = {}): string {
  const files = {
    'app/Dockerfile': 'FROM node\n',
    'app/producer.js': 'producer\n',
    'notifier/Dockerfile': 'FROM node\n',
    'hub/Dockerfile': 'FROM node\n',
    'web/Dockerfile': 'FROM nginx\n',
    'web/conf.d/site.conf': 'server {}\n',
    ...changes,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const NAMES: SecretName[] = ['mysql-init', 'mysql-app-url', 'admin-token', 'hub-key', 'hub-connection', 'tls-key'];

/** Keyed hashes as siteSecrets gives them; each may be said otherwise. */
export const someHashes = (changes: Partial<Record<SecretName, string>> = {}): Partial<Record<SecretName, string>> => ({
  ...Object.fromEntries(NAMES.map((name) => [name, `hash of ${name}`])),
  ...changes,
});

/** A release of this version's templates, of contexts in `images`. */
export const releaseOf = (
  site: Site,
  images: string,
  options: { hashes?: Partial<Record<SecretName, string>>; sources?: ReleaseSources } = {},
) =>
  makeRelease(site, { hashes: options.hashes ?? someHashes() }, quietContext('/nowhere'), {
    images,
    ...options.sources,
  });
