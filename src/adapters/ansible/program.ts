import { join } from 'node:path';
import { ANSIBLE } from '../../tools/ansible.ts';
import { isAtLeast } from '../../tools/tool.ts';
import { findVersion } from '../exec/find-version.ts';

/** How ansible-playbook is started: the machine's own, or files of packages. */
export interface AnsibleProgram {
  file: string;
  /** Before its own arguments. */
  prefix: readonly string[];
  env: Readonly<Record<string, string>>;
}

export const installedProgram = (file: string): AnsibleProgram => ({ file, prefix: [], env: {} });

/** The program in a folder that packages were unpacked into, run by the system's Python, whose packages they are. */
export const unpackedProgram = (folder: string): AnsibleProgram => ({
  file: '/usr/bin/python3',
  prefix: [join(folder, 'usr', 'bin', 'ansible-playbook')],
  env: { PYTHONPATH: join(folder, 'usr', 'lib', 'python3', 'dist-packages') },
});

/** Its version, when it is one that will do. */
export async function usableVersion(program: AnsibleProgram, signal?: AbortSignal): Promise<string | undefined> {
  const version = await findVersion(
    {
      ...ANSIBLE,
      command: program.file,
      versionArguments: [...program.prefix, ...ANSIBLE.versionArguments],
      versionEnvironment: { ...ANSIBLE.versionEnvironment, ...program.env },
    },
    signal,
  );
  return version !== undefined && isAtLeast(version, ANSIBLE.minimum) ? version : undefined;
}
