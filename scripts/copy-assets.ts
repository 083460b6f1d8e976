// Files that are read at run time and that tsc does not carry over to dist/.
import { cpSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
cpSync(join(root, 'lib/database/migrations'), join(root, 'dist/lib/database/migrations'), { recursive: true });
