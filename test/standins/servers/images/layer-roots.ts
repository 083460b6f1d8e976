import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LayerName } from './kinds.ts';

/** Scripts and settings of the layers, by layer, laid over what its packages bring. */
export const FILES = join(import.meta.dirname, 'files');

/** What a layer is made of. */
export interface LayerRecipe {
  packages: readonly string[];
  /** Needed by a package that is wanted only for something else. */
  without?: RegExp;
  /** Files of those packages that no container reads. */
  drop?: readonly string[];
  /** The rest: what the packages' own scripts would do. */
  finish?: (root: string) => Promise<void>;
}

/** Of MySQL's programs: a server, its clients, and those that a backup or a restore calls. */
const MYSQL_PROGRAMS = new Set(['mysqld', 'mysql', 'mysqladmin', 'mysqldump', 'mysqlbinlog']);

async function makeBase(root: string): Promise<void> {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', folder), { recursive: true });
    if (!existsSync(join(root, folder))) await symlink(`usr/${folder}`, join(root, folder));
  }
  for (const folder of ['tmp', 'proc', 'sys', 'dev', 'run', 'root', 'home/node']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  await chown(join(root, 'home/node'), 1_000, 1_000);
  // Alternatives are links that the packages' scripts make.
  if (!existsSync(join(root, 'usr/bin/sh'))) await symlink('dash', join(root, 'usr/bin/sh'));
  if (!existsSync(join(root, 'usr/bin/awk'))) await symlink('mawk', join(root, 'usr/bin/awk'));
}

async function owned(root: string, folder: string, id: number): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await chown(join(root, folder), id, id);
}

async function finishNginx(root: string): Promise<void> {
  for (const folder of ['var/cache/nginx', 'etc/nginx/templates']) await owned(root, folder, 101);
  await mkdir(join(root, 'usr/share/nginx/html'), { recursive: true });
  await mkdir(join(root, 'var/log/nginx'), { recursive: true });
  await symlink('/dev/stdout', join(root, 'var/log/nginx/access.log'));
  await symlink('/dev/stderr', join(root, 'var/log/nginx/error.log'));
}

async function finishMysql(root: string): Promise<void> {
  for (const folder of ['usr/bin', 'usr/sbin']) {
    for (const name of await readdir(join(root, folder)).catch(() => [])) {
      if (!MYSQL_PROGRAMS.has(name)) await rm(join(root, folder, name));
    }
  }
  for (const folder of ['var/lib/mysql', 'var/lib/mysql-files', 'run/mysqld']) await owned(root, folder, 999);
  await mkdir(join(root, 'docker-entrypoint-initdb.d'), { recursive: true });
}

async function finishNode(root: string): Promise<void> {
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await cp(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true });
}

async function finishAzurite(root: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')],
    outfile: join(root, 'opt/azurite/blob.js'),
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
    // Databases that its database layer would take if they were there.
    external: ['pg-hstore', 'pg', 'sqlite3', 'oracledb', 'ibm_db', 'snowflake-sdk', 'mariadb'],
  });
  await mkdir(join(root, 'data'), { recursive: true });
}

async function finishWget(root: string): Promise<void> {
  await symlink('busybox', join(root, 'usr/bin/wget'));
}

/** Translations and documents of any package. */
const PAPERS = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'usr/share/lintian'];

export const RECIPES: Record<LayerName, LayerRecipe> = {
  base: {
    packages: [
      ...['base-files', 'bash', 'dash', 'coreutils', 'sed', 'grep', 'gzip', 'tar', 'findutils', 'debianutils'],
      ...['hostname', 'libc-bin', 'mawk', 'libstdc++6'],
    ],
    drop: [...PAPERS, 'usr/lib/x86_64-linux-gnu/gconv', 'usr/lib/aarch64-linux-gnu/gconv'],
    finish: makeBase,
  },
  node: { packages: [], finish: finishNode },
  nginx: {
    packages: ['nginx'],
    without: /^debconf$/,
    drop: [
      ...PAPERS,
      ...['conf.d', 'modules-available', 'modules-enabled', 'sites-available', 'sites-enabled', 'nginx.conf'].map(
        (name) => `etc/nginx/${name}`,
      ),
      ...['usr/lib/systemd', 'etc/init.d', 'var/log/nginx'],
    ],
    finish: finishNginx,
  },
  wget: { packages: ['busybox-static'], drop: PAPERS, finish: finishWget },
  mysql: {
    packages: ['mysql-server-core', 'mysql-client-core'],
    without: /^perl|^libperl|^libdb5|^libgdbm|^libudev/,
    drop: [...PAPERS, 'usr/share/gdb', 'usr/share/gcc', 'usr/lib/systemd'],
    finish: finishMysql,
  },
  azurite: { packages: [], finish: finishAzurite },
  // Its program is brought by whoever has one.
  traefik: { packages: [] },
};
