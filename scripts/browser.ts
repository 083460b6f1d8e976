// Unpacks the distribution's Chromium into .oms/browser for the browser tests: no root, nothing installed.
// Prints the path of the program. Does nothing when it is there already.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackages } from '../src/adapters/packages/unpack.ts';

const folder = join(import.meta.dirname, '..', '.oms', 'browser');
const programs = ['chromium-headless-shell', 'chromium'].map((name) => join(folder, 'usr', 'lib', 'chromium', name));
const unpacked = () => programs.find((file) => existsSync(file));
if (!unpacked()) {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await unpackPackages(unfinished, {
    candidates: ['chromium-headless-shell', 'chromium'],
    size: '80 MB',
    report: (activity) => console.error(activity),
  });
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}
console.log(unpacked());
