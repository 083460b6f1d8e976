import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OmsError } from '../../errors.ts';
import { ANSIBLE } from '../../tools/ansible.ts';
import { buildOnce } from '../files/build-once.ts';
import type { AnsibleEngine } from './engine.ts';
import { fetchAnsible } from './fetch.ts';
import { play } from './play.ts';
import { type AnsibleProgram, installedProgram, unpackedProgram, usableVersion } from './program.ts';

function none(error: unknown): OmsError {
  return new OmsError('tool_missing', 'no Ansible can be had on this machine', {
    why: messageOf(error),
    next: [`pipx install ansible-core   (${ANSIBLE.minimum} or newer)`, 'oms doctor'],
    cause: error,
  });
}

/**
 * The machine's own Ansible, or one that is fetched.
 * @param options.signal ends the question for its version, and a download
 */
export function createAnsible(options: { program?: string; signal?: AbortSignal } = {}): AnsibleEngine {
  const { program = ANSIBLE.command, signal } = options;
  const own = installedProgram(program);
  let chosen: AnsibleProgram | undefined;

  const provideUnpacked = async (folder: string, report: (activity: string) => void) => {
    try {
      await buildOnce(folder, (temporary) => fetchAnsible(temporary, { report, signal }));
    } catch (error) {
      signal?.throwIfAborted();
      throw none(error);
    }
    const unpacked = unpackedProgram(folder);
    if (await usableVersion(unpacked, signal)) return unpacked;
    signal?.throwIfAborted();
    throw none(new Error(`the one in ${folder} does not run; remove that folder and try again`));
  };

  return {
    version: () => usableVersion(chosen ?? own, signal),
    async provide(cacheDir, report) {
      if (await usableVersion(own, signal)) chosen = own;
      else chosen = await provideUnpacked(join(cacheDir, 'ansible'), report);
    },
    async play(call) {
      await mkdir(call.scratch, { recursive: true, mode: 0o700 });
      return play(chosen ?? own, call);
    },
  };
}
