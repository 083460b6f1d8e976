// Writes oclif.manifest.json from the commands in src/: with it `oms` starts without loading every command.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandManifest } from './command-manifest.ts';

const file = join(import.meta.dirname, '..', 'oclif.manifest.json');
writeFileSync(file, `${JSON.stringify(await commandManifest(), null, 2)}\n`);
console.log(`wrote ${file}`);
