import { formatBytes, formatDuration } from '../../../ui/format.ts';
import type { HostGroup } from '../site.ts';
import { fail, type HostCheck, type HostInput, ok, type Verdict, warn } from './check.ts';

/** Releases that were tried; older ones lack a Docker or a Python that will do, newer ones may differ. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  debian: ['12', '13'],
  ubuntu: ['22.04', '24.04'],
};

const ARCHITECTURES = ['x86_64', 'aarch64'];

const GIB = 1 << 30;
const MIB = 1 << 20;

/** For images and volumes: what the images of each group come to, unpacked, twice over, and room to work in. */
const DOCKER_BYTES: Readonly<Record<HostGroup, number>> = { web: 1.5 * GIB, app: 1.5 * GIB, data: 3 * GIB };
/** For two releases with their build contexts, and a backup of the database where there is one. */
const HOME_BYTES: Readonly<Record<HostGroup, number>> = { web: 200 * MIB, app: 200 * MIB, data: GIB };
/** A layer of an image has thousands of files. */
const LEAST_INODES = 50_000;
/** Two releases of a service run beside each other while one takes over from the other. */
const MEMORY_BYTES: Readonly<Record<HostGroup, number>> = { web: 0.5 * GIB, app: GIB, data: 1.5 * GIB };

const SKEW_WARN_MS = 2_000;
const SKEW_FAIL_MS = 30_000;

function judgeSystem({ facts: { os } }: HostInput): Verdict {
  if (!os) return warn('it does not say which system it is', 'cat /etc/os-release');
  const versions = SUPPORTED[os.id];
  const supported = 'use Debian 12 or 13, or Ubuntu 22.04 or 24.04';
  if (!versions) return fail(`${os.name} is not supported`, supported);
  if (versions.includes(os.version)) return ok(os.name);
  const newest = versions.at(-1)!;
  if (Number(os.version) > Number(newest)) return warn(`${os.name} is newer than what was tried (${newest})`);
  return fail(`${os.name} is too old`, supported);
}

const judgeArchitecture = ({ facts: { architecture } }: HostInput): Verdict =>
  ARCHITECTURES.includes(architecture)
    ? ok(architecture)
    : fail(`there are no images for ${architecture}`, `use one of ${ARCHITECTURES.join(', ')}`);

const sum = (groups: readonly HostGroup[], bytes: Readonly<Record<HostGroup, number>>) =>
  groups.reduce((total, group) => total + bytes[group], 0);

interface Room {
  where: string;
  free: number;
  needed: number;
  inodes: number | null;
}

/** What is needed of each file system: folders that lie on the same one share its room. */
function roomsOf({ host, site, facts: { disks } }: HostInput): Room[] {
  const { home, docker } = disks;
  const [forHome, forDocker] = [sum(host.groups, HOME_BYTES), sum(host.groups, DOCKER_BYTES)];
  const room = (where: string, disk: NonNullable<typeof home>, needed: number): Room => {
    return { where, needed, free: disk.freeBytes, inodes: disk.freeInodes };
  };
  const folder = '/var/lib/docker';
  if (home && docker && home.device === docker.device) {
    return [room(`${site.home} and ${folder}`, home, forHome + forDocker)];
  }
  return [...(home ? [room(site.home, home, forHome)] : []), ...(docker ? [room(folder, docker, forDocker)] : [])];
}

function judgeDisk(input: HostInput): Verdict {
  const rooms = roomsOf(input);
  const say = ({ where, free, needed }: Room) =>
    `${formatBytes(free)} free for ${where}, ${formatBytes(needed)} needed`;
  const next = ['docker system df', 'docker image prune --all --force'];
  const full = rooms.filter(({ free, needed }) => free < needed);
  if (full.length > 0) return fail(full.map(say).join('; '), ...next);
  const crowded = rooms.find(({ inodes }) => inodes !== null && inodes < LEAST_INODES);
  if (crowded) return fail(`only ${crowded.inodes} more files can be made for ${crowded.where}`, 'df -i', ...next);
  const tight = rooms.filter(({ free, needed }) => free < 2 * needed);
  if (tight.length > 0) return warn(tight.map(say).join('; '), ...next);
  return rooms.length === 0 ? warn('how much is free could not be told', 'df -h') : ok(rooms.map(say).join('; '));
}

function judgeMemory({ host, facts: { memoryBytes } }: HostInput): Verdict {
  if (memoryBytes === null) return warn('how much memory there is could not be told');
  const needed = sum(host.groups, MEMORY_BYTES);
  const found = `${formatBytes(memoryBytes)} of memory, ${formatBytes(needed)} wanted for ${host.groups.join(', ')}`;
  if (memoryBytes < needed / 2) return fail(found, 'take a larger server, or put a group on another one');
  return memoryBytes < needed ? warn(found) : ok(found);
}

function judgeClock({ facts: { skewMs, synchronized } }: HostInput): Verdict {
  const away = Math.abs(skewMs);
  const off = `its clock is ${formatDuration(away)} ${skewMs > 0 ? 'ahead' : 'behind'}`;
  const next = [
    'timedatectl set-ntp true',
    'apt-get install systemd-timesyncd',
    'look at the clock of this machine, too',
  ];
  if (away > SKEW_FAIL_MS) return fail(off, ...next);
  if (away > SKEW_WARN_MS) return warn(off, ...next);
  // base.yml installs and starts what keeps it right.
  if (synchronized === false) return warn('its clock is right, and nothing keeps it so yet');
  return ok(synchronized ? 'right, and kept right' : 'right');
}

function judgeKernel({ facts: { cgroup, controllers, overlay, kernel } }: HostInput): Verdict {
  if (!overlay)
    return fail(`kernel ${kernel} has no overlay file system, which Docker keeps images in`, 'modprobe overlay');
  if (cgroup === null)
    return fail('there are no control groups, which containers are limited by', 'mount | grep cgroup');
  const missing = ['memory', 'pids'].filter((name) => !controllers.includes(name));
  if (missing.length > 0) {
    return warn(
      `without the ${missing.join(' and ')} controller, limits of containers do not count`,
      'boot with cgroup_enable=memory',
    );
  }
  return ok(`${kernel}, cgroup v${cgroup}, overlay`);
}

const judgePython = ({ facts: { python } }: HostInput): Verdict =>
  python
    ? ok(python)
    : fail('there is no python3, which Ansible works with', 'as root: apt-get install python3-minimal');

function judgeRoot({ facts: { root, user } }: HostInput): Verdict {
  const rule = `as root: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/oms && chmod 440 /etc/sudoers.d/oms`;
  if (root === 'already') return ok(`${user} is root`);
  if (root === 'sudo') return ok(`${user} may use sudo without a password`);
  if (root === 'no-sudo') return fail('there is no sudo', 'as root: apt-get install sudo', rule);
  if (/password/.test(root)) return fail(`sudo asks ${user} for a password`, rule);
  return fail(`${user} may not use sudo: ${root.replace(/^refused: (?:sudo: )?/, '')}`, rule);
}

/** The machine itself. */
export const SYSTEM_CHECKS: readonly HostCheck[] = [
  { id: 'sudo', title: 'Root', judge: judgeRoot },
  { id: 'system', title: 'System', judge: judgeSystem },
  { id: 'architecture', title: 'Architecture', judge: judgeArchitecture },
  { id: 'kernel', title: 'Kernel', judge: judgeKernel },
  { id: 'memory', title: 'Memory', judge: judgeMemory },
  { id: 'disk', title: 'Disk', judge: judgeDisk },
  { id: 'clock', title: 'Clock', judge: judgeClock },
  { id: 'python', title: 'Python', judge: judgePython },
];
