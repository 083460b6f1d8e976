// Writes schemas/ from the code: JSON Schemas of every event, AsyncAPI of the hubs, OpenAPI of the order API.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedDocuments } from './schemas/documents.ts';

const folder = join(import.meta.dirname, '..', 'schemas');
const documents = await publishedDocuments();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of documents) writeFileSync(join(folder, name), text);
console.log(`wrote ${documents.size} files to ${folder}`);
