import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/adapters/exec/run.ts';
import { buildOnce } from '../../../src/adapters/files/build-once.ts';
import { unpackPackages } from '../../../src/adapters/packages/unpack.ts';
import { sourceLine } from './debian-mirror.ts';
import type { LabPlaces } from './places.ts';

/** Raised when the steps below change: a root is kept under a hash of everything it is made from. */
const RECIPE = 1;

/** The release the servers run. */
const SUITE = 'trixie';

/** What a rented server has on its first day, and nothing of Docker. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'python3',
  'sudo',
  'ca-certificates',
  'iproute2',
  'iputils-ping',
  'procps',
  'kmod',
];

/** Documentation and translations: a third of the files, which nobody reads here. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** Units for hardware, terminals, clocks and the kernel, which a server in namespaces has not of its own. */
const MASKED_UNITS = [
  'systemd-binfmt.service',
  'systemd-modules-load.service',
  'proc-sys-fs-binfmt_misc.automount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'sys-kernel-config.mount',
  'dev-hugepages.mount',
  'systemd-udevd.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-networkd.service',
  'systemd-resolved.service',
  'systemd-logind.service',
  'getty.target',
  'console-getty.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
];

/** Who logs in, and who logs in but may not become root. */
export const USERS = { deployer: 'deploy', powerless: 'visitor' } as const;

const SSHD = 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n';

/** Arguments of mmdebstrap: a release from a mirror into a folder, configured by the packages' own scripts. */
export function bootstrapArguments(folder: string, mirror: string): string[] {
  const unchecked = ['APT::Sandbox::User "root"', 'Acquire::Languages "none"'];
  return [
    '--mode=root',
    '--variant=minbase',
    '--format=dir',
    ...unchecked.map((option) => `--aptopt=${option}`),
    '--dpkgopt=force-unsafe-io',
    ...LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    `--include=${PACKAGES.join(',')}`,
    SUITE,
    folder,
    sourceLine(mirror, SUITE),
  ];
}

async function bootstrap(tool: string, folder: string, mirror: string): Promise<void> {
  const env = { PATH: `${join(tool, 'usr', 'bin')}:${process.env.PATH}`, LC_ALL: 'C' };
  await run({ file: 'perl', args: [join(tool, 'usr/bin/mmdebstrap'), ...bootstrapArguments(folder, mirror)], env });
}

async function addUsers(root: string): Promise<void> {
  for (const name of Object.values(USERS)) {
    await run({ file: 'chroot', args: [root, 'useradd', '--create-home', '--shell', '/bin/bash', name] });
  }
  const rule = `${USERS.deployer} ALL=(ALL) NOPASSWD: ALL\n`;
  await writeFile(join(root, 'etc/sudoers.d/deploy'), rule, { mode: 0o440 });
}

/** What an image of a server has been cleaned of, and what cannot run here. */
async function settle(root: string): Promise<void> {
  const ssh = join(root, 'etc/ssh');
  const keys = (await readdir(ssh)).filter((name) => name.startsWith('ssh_host_'));
  await Promise.all(keys.map((name) => rm(join(ssh, name))));
  await writeFile(join(ssh, 'sshd_config.d/10-lab.conf'), SSHD);
  const units = join(root, 'etc/systemd/system');
  for (const unit of MASKED_UNITS) {
    await rm(join(units, unit), { force: true });
    await symlink('/dev/null', join(units, unit));
  }
  await rm(join(root, 'etc/apt/apt.conf.d/99mmdebstrap'), { force: true });
  await mkdir(join(root, '.old'));
}

/**
 * A bare Debian 13, made once for every lab of this machine (25 s on two cores, 160 MB).
 * @returns its folder: read only, the servers lie on it as overlays.
 */
export async function debianRoot(places: LabPlaces, mirror: string, report: (activity: string) => void) {
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, PACKAGES, LEFT_OUT, MASKED_UNITS, SSHD, USERS, process.arch]))
    .digest('hex');
  const root = join(places.roots, `debian-13-${key.slice(0, 12)}`);
  const tool = join(places.tools, 'mmdebstrap');
  await buildOnce(tool, (temporary) => unpackPackages(temporary, { candidates: ['mmdebstrap'], size: '0.2 MB' }));
  await buildOnce(root, async (temporary) => {
    report('making the root of a bare Debian 13 (once)');
    await bootstrap(tool, temporary, mirror);
    await addUsers(temporary);
    await settle(temporary);
  });
  return root;
}
