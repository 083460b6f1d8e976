import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { until } from '../../helpers/until.ts';

/** One hierarchy of control groups as this machine has it. */
export interface Hierarchy {
  mountPoint: string;
  type: 'cgroup' | 'cgroup2';
  /** What `mount -o` needs to give the same hierarchy again: its controllers, or its name. */
  options: string;
}

/** Folder of each hierarchy that the lab's groups are in. */
const GROUP = 'oms-lab';

/** Options of a mounted version 1 hierarchy that are no controllers. */
const PLAIN_OPTIONS = new Set(['rw', 'ro', 'xattr', 'clone_children', 'relatime', 'nosuid', 'nodev', 'noexec']);

function hierarchyOf(line: string): Hierarchy | undefined {
  const [before, after] = line.split(' - ');
  const [type, , superOptions = ''] = (after ?? '').split(' ');
  if (type !== 'cgroup' && type !== 'cgroup2') return undefined;
  const controllers = superOptions.split(',').filter((option) => !PLAIN_OPTIONS.has(option));
  const named = controllers.some((option) => option.startsWith('name='));
  const options = type === 'cgroup2' ? '' : [...(named ? ['none'] : []), ...controllers].join(',');
  return { mountPoint: before!.split(' ')[4]!, type, options };
}

/** Reads /proc/self/mountinfo. Of two mounts on one folder the later one is seen. */
export function parseHierarchies(mountInfo: string): Hierarchy[] {
  const all = mountInfo.split('\n').flatMap((line) => hierarchyOf(line) ?? []);
  return [...new Map(all.map((hierarchy) => [hierarchy.mountPoint, hierarchy])).values()];
}

export const hierarchies = async (): Promise<Hierarchy[]> =>
  parseHierarchies(await readFile('/proc/self/mountinfo', 'utf8'));

const groupOf = ({ mountPoint }: Hierarchy, name: string) => join(mountPoint, GROUP, name);

/** A fresh cpuset group has no processors, and takes no process until it has. */
async function copyCpuset(from: string, to: string): Promise<void> {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    if (!existsSync(join(from, name))) continue;
    await writeFile(join(to, name), await readFile(join(from, name), 'utf8')).catch(() => undefined);
  }
}

/** In the one hierarchy of version 2, children get the controllers that their parent hands on. */
async function handOn(folder: string): Promise<void> {
  const controllers = (await readFile(join(folder, 'cgroup.controllers'), 'utf8').catch(() => '')).split(/\s+/);
  for (const name of controllers.filter(Boolean)) {
    await writeFile(join(folder, 'cgroup.subtree_control'), `+${name}`).catch(() => undefined);
  }
}

/** A group has as much of a busy machine as one process outside of it. A server is a few dozen of them. */
const PROCESSES = 32;
const WEIGHTS = { 'cpu.shares': 1_024 * PROCESSES, 'cpu.weight': 100 * PROCESSES };

async function weigh(folder: string): Promise<void> {
  for (const [name, weight] of Object.entries(WEIGHTS)) {
    const file = join(folder, name);
    if (existsSync(file)) await writeFile(file, String(weight)).catch(() => undefined);
  }
}

async function makeGroup(hierarchy: Hierarchy, name: string): Promise<string> {
  const parent = join(hierarchy.mountPoint, GROUP);
  const group = groupOf(hierarchy, name);
  for (const [above, folder] of [
    [hierarchy.mountPoint, parent],
    [parent, group],
  ] as const) {
    if (hierarchy.type === 'cgroup2') await handOn(above);
    await mkdir(folder, { recursive: true });
    await copyCpuset(above, folder);
    await weigh(folder);
  }
  return join(group, 'cgroup.procs');
}

/**
 * A group of its own in every hierarchy: two servers' systemd in one group would end each other's services.
 * @returns the files that a process is put into the groups by.
 */
export async function makeGroups(name: string): Promise<string[]> {
  const all = await hierarchies();
  return Promise.all(all.map((hierarchy) => makeGroup(hierarchy, name)));
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}

async function removed(folder: string): Promise<boolean> {
  await removeTree(folder);
  return !existsSync(folder);
}

/** Removes the groups of one server, or of all; processes that are just ending are waited for. */
export async function removeGroups(name?: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const folder = name ? groupOf(hierarchy, name) : join(hierarchy.mountPoint, GROUP);
    await until(`${basename(folder)} has no processes in ${hierarchy.mountPoint}`, () => removed(folder));
  }
}
