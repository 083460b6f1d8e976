import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newerDebian, ownApt } from '../../src/adapters/ansible/fetch.ts';
import { run } from '../../src/adapters/exec/run.ts';
import { buildOnce } from '../../src/adapters/files/build-once.ts';
import { unpackNamed } from '../../src/adapters/packages/suite.ts';

const CACHE = join(import.meta.dirname, '..', '..', '.oms', 'cache');
const FOLDER = join(CACHE, 'ansible-lint');

/** Compiled parts fit the machine's own Python only. */
const OWN = [
  'attr',
  'pyrsistent',
  'jsonschema',
  'filelock',
  'ruamel.yaml.clib',
  'bracex',
  'wcmatch',
  'typing-extensions',
];
const BLACK = ['click', 'platformdirs', 'mypy-extensions'];
const NEWER = ['ansible-lint', 'yamllint', 'black'];
const NEWER_PYTHON = ['ansible-compat', 'subprocess-tee', 'ruamel.yaml', 'referencing', 'pathspec'];

const python = (name: string) => `python3-${name}`;

async function fetchLint(folder: string): Promise<void> {
  const options = { report: () => undefined, signal: undefined };
  const own = await ownApt(folder, options);
  const newer = await newerDebian(own, folder, options);
  await unpackNamed(own, [...OWN, ...BLACK].map(python), folder, undefined);
  await unpackNamed(newer, [...NEWER, ...NEWER_PYTHON.map(python)], folder, undefined);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  // It starts these by name.
  for (const name of ['ansible', 'ansible-config', 'ansible-doc', 'ansible-galaxy', 'ansible-playbook']) {
    const program = join(CACHE, 'ansible', 'usr', 'bin', name);
    await writeFile(join(bin, name), `#!/bin/sh\nexec /usr/bin/python3 '${program}' "$@"\n`);
    await chmod(join(bin, name), 0o755);
  }
}

/**
 * ansible-lint of Debian's packages, unpacked beside the Ansible that was fetched; nothing is installed.
 * @returns what it wrote, whatever it found
 * @throws {Error} saying why it cannot be had
 */
export async function ansibleLint(folder: string, scratch: string): Promise<string> {
  await buildOnce(FOLDER, fetchLint);
  const packages = ['ansible-lint', 'ansible'].map((name) => join(CACHE, name, 'usr/lib/python3/dist-packages'));
  return run({
    file: '/usr/bin/python3',
    args: ['-m', 'ansiblelint', '--offline', '--profile', 'production', '--nocolor', '--strict', '--format', 'pep8'],
    cwd: folder,
    env: {
      PATH: `${join(FOLDER, 'bin')}:${process.env.PATH}`,
      PYTHONPATH: packages.join(':'),
      ANSIBLE_HOME: scratch,
      XDG_CACHE_HOME: scratch,
      LC_ALL: 'C.UTF-8',
    },
  }).then(
    ({ stderr, stdout }) => `${stdout}\n${stderr}`,
    (error: { message: string; stderr?: string }) => `${error.message}\n${error.stderr}`,
  );
}
