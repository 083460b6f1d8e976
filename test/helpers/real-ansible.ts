import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAnsible } from '../../src/adapters/ansible/create-engine.ts';
import type { AnsibleEngine } from '../../src/adapters/ansible/engine.ts';
import { messageOf } from '../../src/errors.ts';

/** Unpacked once for every run in this checkout: 2 MB to download, 13 MB on disk. */
const CACHE = join(import.meta.dirname, '..', '..', '.oms', 'cache');

/** For programs that import Ansible's own modules; the machine's Ansible has them on Python's path already. */
export const UNPACKED_MODULES = join(CACHE, 'ansible', 'usr', 'lib', 'python3', 'dist-packages');

/** The real Ansible; undefined, told in the test's output, where the machine cannot have one. */
export async function realAnsible(t: Pick<TestContext, 'diagnostic'>): Promise<AnsibleEngine | undefined> {
  const engine = createAnsible();
  try {
    await engine.provide(CACHE, () => undefined);
    return engine;
  } catch (error) {
    const why = error instanceof Error && 'why' in error ? error.why : undefined;
    t.diagnostic(`not run: ${messageOf(error)} (${why})`);
    return undefined;
  }
}
