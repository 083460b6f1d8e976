#!/usr/bin/env node
// Runs the CLI straight from src/*.ts, no build: Node strips the types itself.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, settings } from '@oclif/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
pjson.oclif.commands = './src/commands';
settings.enableAutoTranspile = false;
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// Progress that nobody reads any more is no reason to stop.
process.stderr.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
await execute({ dir: import.meta.url, loadOptions: { root, pjson, ignoreManifest: true } });
