import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const MANIFEST = 'manifest.json';

/** Path of each asset by its plain name: "main.css" -> "/assets/main.3F2A9C1B.css". */
const Manifest = Compile(Type.Record(Type.String(), Type.String({ pattern: '^/assets/[A-Za-z0-9._-]+$' })));

/** The built styles and scripts. */
export interface Assets {
  folder: string;
  /** @throws {Error} when there is no asset of that name: a mistake of ours */
  url(name: string): string;
}

/** Beside the code in a build; in the checkout's build when the code runs from its source. */
function builtFolder(): string {
  const beside = join(import.meta.dirname, 'assets');
  return existsSync(join(beside, MANIFEST)) ? beside : join(import.meta.dirname, '../../dist/apps/web/assets');
}

/** @throws {Error} when nothing was built there */
export function readAssets(folder = builtFolder()): Assets {
  const file = join(folder, MANIFEST);
  if (!existsSync(file))
    throw new Error(`${file} is missing: build the assets (node scripts/build-web.ts), or set OMS_ASSETS_DIR`);
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Manifest.Check(manifest))
    throw new Error(`${file} is no list of assets: build them anew (node scripts/build-web.ts)`);
  return {
    folder,
    url(name) {
      const url = manifest[name];
      if (!url) throw new Error(`there is no asset ${name}`);
      return url;
    },
  };
}

/** GET /assets/*: names change with the content, so a browser never asks twice. Behind nginx they come from its own disk. */
export async function addAssets(app: FastifyInstance, { folder }: Assets): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/assets/',
    wildcard: true,
    index: false,
    decorateReply: false,
    preCompressed: true,
    allowedPath: (path) => !path.startsWith(`/${MANIFEST}`),
    cacheControl: true,
    maxAge: '1y',
    immutable: true,
  });
}
