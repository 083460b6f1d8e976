import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../src/adapters/exec/run.ts';
import { buildOnce } from '../../src/adapters/files/build-once.ts';
import { unpackPackages } from '../../src/adapters/packages/unpack.ts';
import { messageOf } from '../../src/errors.ts';
import type { Arm } from './arm/arm.ts';
import { DEPLOYER, ENGINEER, TENANT_ID } from './arm/identities.ts';

/** Unpacked once for every run in this checkout: 19 MB to download, 760 MB on disk. */
const FOLDER = join(import.meta.dirname, '..', '..', '.oms', 'cache', 'azure-cli');
const CLOUD_NAME = 'oms-standin';

/** Started with every az: without compiled files a first start takes nine seconds; the rest compiles when first used. */
const COMPILED = ['azure/cli', 'azure/core', 'azure/mgmt/core', 'msal', 'msrest', 'knack', 'requests'];

/** The package expects to lie under /usr; this finds its parts beside itself. */
const LAUNCHER = `#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")
for folder in "$root"/usr/lib/*-linux-gnu; do export LD_LIBRARY_PATH="$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; done
export PYTHONPATH="$root/usr/lib/python3/dist-packages"
unset PYTHONDONTWRITEBYTECODE PYTHONHOME
python=/usr/bin/python3
[ -x "$python" ] || python="$root/usr/bin/python3"
exec "$python" -s -m azure.cli "$@"
`;

const environmentOf = (configDir: string): Record<string, string> => ({
  AZURE_CONFIG_DIR: configDir,
  AZURE_CORE_COLLECT_TELEMETRY: '0',
  AZURE_CORE_NO_COLOR: '1',
  AZURE_CORE_SURVEY_MESSAGE: '0',
});

async function compile(folder: string): Promise<void> {
  const packages = join(folder, 'usr', 'lib', 'python3', 'dist-packages');
  const there = await readdir(packages);
  const paths = COMPILED.filter((path) => there.includes(path.split('/')[0]!)).map((path) => join(packages, path));
  // Some files of the packages are for other versions of Python: what does not compile is told by az when it is needed.
  await run({
    file: '/usr/bin/python3',
    args: ['-m', 'compileall', '-q', '-j', '2', ...paths],
    env: { PYTHONDONTWRITEBYTECODE: '' },
  }).catch(() => undefined);
}

async function unpackInto(folder: string, report?: (activity: string) => void): Promise<void> {
  await unpackPackages(folder, { candidates: ['azure-cli'], size: '19 MB', ...(report && { report }) });
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'az'), LAUNCHER);
  await chmod(join(folder, 'bin', 'az'), 0o755);
  await compile(folder);
  // It looks through all of its modules once and remembers which commands they have.
  const env = environmentOf(join(folder, 'config'));
  await run({ file: join(folder, 'bin', 'az'), args: ['cloud', 'list', '--output', 'none'], env });
}

/**
 * The real az, as the distribution packages it, unpacked into the checkout's cache; nothing is installed.
 * @returns the folder to put first on PATH.
 * @throws {Error} saying why it cannot be had.
 */
export async function unpackAzureCli(report?: (activity: string) => void): Promise<string> {
  try {
    await buildOnce(FOLDER, (temporary) => unpackInto(temporary, report));
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  return join(FOLDER, 'bin');
}

/** The last line is what apt-get says in the end; before it stand the command and what it tried. */
const reasonOf = (error: unknown) =>
  messageOf(error)
    .split('\n')
    .at(-1)!
    .replace(/^spawn (\S+) ENOENT$/, '$1 is not on PATH');

/** The folder of the real az for a test; undefined, told in the test's output, where the machine cannot have one. */
export async function azOnPath(t: TestContext): Promise<string | undefined> {
  try {
    return await unpackAzureCli();
  } catch (error) {
    t.diagnostic(`az: not run (${messageOf(error)})`);
    return undefined;
  }
}

/** The addresses of a cloud, as `az cloud register --cloud-config` takes them. */
function cloudConfig(url: string): string {
  const endpoints = {
    // In the form of AD FS: az 2.45 asks Microsoft about any other login service before it trusts it.
    activeDirectory: `${url}/adfs`,
    activeDirectoryGraphResourceId: url,
    activeDirectoryResourceId: url,
    gallery: url,
    management: url,
    microsoftGraphResourceId: url,
    resourceManager: url,
  };
  return JSON.stringify({
    endpoints,
    suffixes: { storageEndpoint: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
  });
}

export interface StandinAzOptions {
  arm: Pick<Arm, 'url'>;
  /** For az's configuration and its tokens. */
  folder: string;
  /** PEM file of the authority that vouches for the stand-in. */
  caFile: string;
  /** Folder of az, as unpackAzureCli gives it. */
  bin: string;
  /** Who logs in; the service principal when absent. */
  as?: 'deployer' | 'engineer';
}

/**
 * Points the real az at the stand-in as at a cloud of its own, and logs in.
 * @returns the environment in which az, and whatever calls it, finds that login.
 */
export async function standinAz({ arm, folder, caFile, bin, as = 'deployer' }: StandinAzOptions) {
  const configDir = join(folder, 'azure');
  await cp(join(FOLDER, 'config'), configDir, { recursive: true });
  const env: Record<string, string> = {
    ...environmentOf(configDir),
    PATH: `${bin}:${process.env.PATH}`,
    REQUESTS_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  };
  const az = (...args: string[]) => run({ file: join(bin, 'az'), args: [...args, '--only-show-errors'], env });
  await az('cloud', 'register', '--name', CLOUD_NAME, '--cloud-config', cloudConfig(arm.url));
  await az('cloud', 'set', '--name', CLOUD_NAME);
  const who =
    as === 'deployer'
      ? ['--service-principal', '--username', DEPLOYER.clientId, '--password', DEPLOYER.secret]
      : ['--username', ENGINEER.userPrincipalName, '--password', ENGINEER.password];
  await az('login', ...who, '--tenant', TENANT_ID);
  return env;
}
