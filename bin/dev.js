#!/usr/bin/env node
// Runs the CLI straight from src/*.ts, no build: Node strips the types itself.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureSupportedNode, keepTokensOutOfDebug, tolerateClosedPipes } from './launch.js';

if (ensureSupportedNode(import.meta.url)) {
  tolerateClosedPipes();
  keepTokensOutOfDebug();
  const { execute, settings } = await import('@oclif/core');
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  pjson.oclif.commands = './src/commands';
  pjson.oclif.hooks = { command_not_found: './src/hooks/command-not-found.ts' };
  settings.enableAutoTranspile = false;
  await execute({ dir: import.meta.url, loadOptions: { root, pjson, ignoreManifest: true } });
}
