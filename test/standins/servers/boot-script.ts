import { basename, join } from 'node:path';
import type { Hierarchy } from './control-groups.ts';

/** What a server is made of when it starts. */
export interface BootPlan {
  name: string;
  /** Shared by all servers, never written to. */
  lower: string;
  /** What this one has written: its disk. */
  upper: string;
  work: string;
  /** Where it is put together; seen by its own processes only. */
  root: string;
  /** Becomes /var/lib/docker: Docker's overlays cannot lie on an overlay. */
  docker: string;
  /** Files that a process is put into the server's control groups by. */
  groups: readonly string[];
  hierarchies: readonly Hierarchy[];
}

/** systemd 257 refuses to start on control groups of version 1 without it; it looks for it on its own command line. */
const LEGACY_GROUPS = 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1';

/** In front of everything that runs in a server: it may neither set this machine's clock nor load modules into its kernel nor start another. */
export const WITHHOLDING = ['setpriv', '--bounding-set', '-sys_time,-sys_module,-sys_boot', '--'] as const;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';

export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const line = (...words: string[]) => words.map(quote).join(' ');

function groupMounts(root: string, all: readonly Hierarchy[]): string[] {
  const top = join(root, 'sys/fs/cgroup');
  if (all.every(({ type }) => type === 'cgroup2')) return [line('mount', '-t', 'cgroup2', 'cgroup2', top)];
  const mounts = all.flatMap(({ mountPoint, type, options }) => {
    const folder = join(top, basename(mountPoint));
    return [line('mkdir', folder), line('mount', '-t', type, ...(options ? ['-o', options] : []), type, folder)];
  });
  return [line('mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', top), ...mounts];
}

/** Settings of the kernel are this machine's; those of the network are a server's own, and stay writable. */
function keepFromKernel(proc: string): string[] {
  const settings = join(proc, 'sys');
  const own = join(settings, 'net');
  return [
    line('mount', '--bind', settings, settings),
    line('mount', '--bind', own, own),
    line('mount', '-o', 'remount,bind,ro', settings),
  ];
}

/**
 * Runs as the first process of the server's namespaces, and becomes its systemd. With chroot in the place of pivot_root
 * `docker exec` and health checks would run in this machine's files instead of the server's.
 */
export function insideScript({ name, lower, upper, work, root, docker, hierarchies }: BootPlan): string {
  const at = (path: string) => join(root, path);
  const tmpfs = (mode: string, path: string) => line('mount', '-t', 'tmpfs', '-o', `mode=${mode}`, 'tmpfs', at(path));
  const overlay = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  const terminals = 'newinstance,ptmxmode=0666,mode=620,gid=5';
  const systemd = `env -i container=oms-lab PATH=${PATH} /usr/lib/systemd/systemd ${LEGACY_GROUPS}`;
  const become = `umount -l /.old; exec ${line(...WITHHOLDING)} ${systemd}`;
  return [
    'set -e',
    line('mount', '-t', 'overlay', 'overlay', '-o', overlay, root),
    line('mount', '-t', 'proc', 'proc', at('proc')),
    ...keepFromKernel(at('proc')),
    line('mount', '-t', 'sysfs', 'sysfs', at('sys')),
    ...groupMounts(root, hierarchies),
    line('mount', '-t', 'devpts', '-o', terminals, 'devpts', at('dev/pts')),
    tmpfs('1777', 'dev/shm'),
    tmpfs('755', 'run'),
    tmpfs('1777', 'tmp'),
    line('mkdir', '-p', at('var/lib/docker')),
    line('mount', '--bind', docker, at('var/lib/docker')),
    line('hostname', name),
    line('cd', root),
    'pivot_root . .old',
    `exec chroot . sh -c ${quote(become)}`,
  ].join('\n');
}

/** Enters the server's control groups, then its namespaces. */
export function bootScript(plan: BootPlan): string {
  const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--propagation', 'private'];
  return [
    'set -e',
    ...plan.groups.map((file) => `echo 0 > ${quote(file)}`),
    `exec ${line('unshare', ...namespaces, '--fork', '--kill-child=KILL', 'sh', '-c', insideScript(plan))}`,
  ].join('\n');
}

/**
 * What is started: it goes with the process that started it, and the server, being the first process of its
 * namespaces, goes with it. Nothing of a lab whose process was killed runs on.
 */
export const bootCommand = (plan: BootPlan) => ({
  file: 'setpriv',
  args: ['--pdeathsig', 'KILL', 'sh', '-c', bootScript(plan)],
});
