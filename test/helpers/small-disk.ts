import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A file system of its own with little room. */
export interface SmallDisk {
  folder: string;
  resize(megabytes: number): void;
}

/** Mounts one; null where that is not allowed, as it is to root alone. It goes with the test. */
export function mountSmallDisk(t: TestContext, megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'oms-small-disk-'));
  const mount = (...args: string[]) => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
  const isMounted = mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
  t.after(() => {
    if (isMounted) spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  });
  if (!isMounted) return null;
  return {
    folder,
    resize(size) {
      if (!mount('-o', `remount,size=${size}m`, folder)) throw new Error(`${folder} cannot be resized`);
    },
  };
}
