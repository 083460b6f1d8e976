import { readFile } from 'node:fs/promises';
import { run } from '../../../src/adapters/exec/run.ts';

/** One repository as apt tells it: address|release|component. */
const FORMAT = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)';

/**
 * The address of the mirror with the packages of the release that runs here; other releases are beside it.
 * @param targets what `apt-get indextargets` said, one "address|release|component" a line.
 */
export function findMirror(targets: string, codename: string): string | undefined {
  const rows = targets.split('\n').map((line) => line.split('|'));
  const main = rows.find(([uri, release, component]) => uri && release === codename && component === 'main');
  return main?.[0]?.replace(/\/*$/, '/');
}

export function codenameOf(osRelease: string): string {
  return /^VERSION_CODENAME="?([a-z-]+)"?$/m.exec(osRelease)?.[1] ?? '';
}

/**
 * Where this machine gets Debian's packages from.
 * @throws {Error} when its sources name no mirror of its own release.
 */
export async function debianMirror(): Promise<string> {
  const codename = codenameOf(await readFile('/etc/os-release', 'utf8'));
  const args = ['indextargets', '--format', FORMAT, 'Created-By: Packages'];
  const { stdout } = await run({ file: 'apt-get', args });
  const mirror = findMirror(stdout, codename);
  if (!mirror) throw new Error(`apt's sources on this machine name no mirror with the main part of ${codename}`);
  return mirror;
}

/** A line of sources.list for a release of that mirror. */
export const sourceLine = (mirror: string, suite: string): string =>
  `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${suite} main`;
