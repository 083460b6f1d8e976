import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin, settings } from '@oclif/core';

const root = join(import.meta.dirname, '..');

/** Where the build puts a command: src/commands/up.ts -> dist/src/commands/up.js. */
const builtPath = (command: { relativePath?: string[] | undefined }) =>
  command.relativePath && ['dist', ...command.relativePath.map((part) => part.replace(/\.ts$/, '.js'))];

/** The manifest that the commands in src/ give, whatever file or build is lying around. */
export async function commandManifest() {
  settings.enableAutoTranspile = false;
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  pjson.oclif.commands = './src/commands';
  const plugin = new Plugin({
    root,
    pjson,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
    type: 'core',
  });
  await plugin.load();
  const { version, commands } = plugin.manifest;
  const built = Object.entries(commands).map(([id, command]) => [id, { ...command, relativePath: builtPath(command) }]);
  return { commands: Object.fromEntries(built.sort(([a], [b]) => (a! < b! ? -1 : 1))), version };
}
