// Writes docs/ask-model.md from the semantic model.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderModel } from './ask-model/render.ts';

const file = join(import.meta.dirname, '..', 'docs', 'ask-model.md');
writeFileSync(file, renderModel());
console.log(`wrote ${file}`);
