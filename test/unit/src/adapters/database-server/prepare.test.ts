import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { prepareDatabase } from '../../../../../src/adapters/database-server/prepare.ts';
import { MARIADB_SYSTEM_SQL } from '../../../../../src/tools/mysqld.ts';
import { APT, UNPACK, withTools } from '../../../../helpers/fake-apt.ts';
import { fakeProgram } from '../../../../helpers/fake-program.ts';

const passwords = { admin: 'admin-secret', app: 'app-secret', ask: 'ask-secret', sandbox: 'sandbox-secret' };
const settings = { port: 3307, bufferPoolMb: 64, redoLogMb: 32, passwords, systemFolders: [] };

/** A dpkg that unpacks a server which does `initialise`, a piece of shell, when it is not asked for its version. */
const unpackServer = (initialise: string) => `${UNPACK}
for file in ${MARIADB_SYSTEM_SQL.join(' ')}; do echo "-- $file" > "$root/share/mysql/$file"; done
cat > "$root/sbin/mariadbd" <<'SERVER'
#!/bin/sh
case "$*" in
  *--version*) echo "mariadbd  Ver 10.11.18-MariaDB";;
  *) ${initialise};;
esac
SERVER`;

/** Keeps what it was asked to bootstrap in its data folder. */
const WORKING = unpackServer(
  `for a in "$@"; do case "$a" in --datadir=*) cat > "\${a#--datadir=}/bootstrap.sql";; esac; done`,
);

suite('preparing the database', () => {
  test('system tables first, then accounts; passwords come through stdin only', async (t) => {
    const { cacheDir, bin, calls } = withTools(t, { 'apt-get': APT, dpkg: WORKING });
    const dataDir = join(dirname(cacheDir), 'data');
    await prepareDatabase({ cacheDir, path: bin, dataDir, ...settings });
    const sql = readFileSync(join(dataDir, 'bootstrap.sql'), 'utf8');
    assert.ok(sql.indexOf('-- mysql_system_tables.sql') < sql.indexOf("CREATE USER 'oms_admin'"));
    assert.match(sql, /admin-secret/);
    assert.doesNotMatch(calls().join('\n'), /secret/);
  });

  test('data that is there is not initialised again', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': APT, dpkg: WORKING });
    const dataDir = join(dirname(cacheDir), 'data');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'precious'), '');
    await prepareDatabase({ cacheDir, path: bin, dataDir, ...settings });
    assert.equal(existsSync(join(dataDir, 'bootstrap.sql')), false);
    assert.equal(existsSync(join(dataDir, 'precious')), true);
  });

  test('an installed server that may not touch the folder gives way to a fetched one', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': APT, dpkg: WORKING });
    const prefix = join(dirname(cacheDir), 'installed');
    const confined =
      'case "$*" in *--version*) echo "mariadbd  Ver 10.6.1-MariaDB";; *) echo denied >&2; exit 1;; esac';
    fakeProgram(join(prefix, 'sbin', 'mariadbd'), confined);
    mkdirSync(join(prefix, 'share', 'mysql'), { recursive: true });
    for (const name of MARIADB_SYSTEM_SQL) writeFileSync(join(prefix, 'share', 'mysql', name), '');
    const dataDir = join(dirname(cacheDir), 'data');
    const choice = await prepareDatabase({ cacheDir, path: `${prefix}/sbin:${bin}`, dataDir, ...settings });
    assert.equal(choice.how === 'program' && choice.binary.version, '10.11.18');
    assert.ok(existsSync(join(dataDir, 'bootstrap.sql')));
  });

  test('when the folder cannot be made, the words of the server are told and nothing half-made is left', async (t) => {
    const broken = unpackServer('echo "no space left" >&2; exit 1');
    const { cacheDir, bin } = withTools(t, { 'apt-get': APT, dpkg: broken });
    const dataDir = join(dirname(cacheDir), 'data');
    await assert.rejects(prepareDatabase({ cacheDir, path: bin, dataDir, ...settings }), {
      code: 'process_failed',
      message: 'the database could not be initialised',
      why: 'mariadbd ended with exit code 1: no space left',
    });
    assert.equal(existsSync(dataDir), false);
  });

  test('in Docker the container is made anew, with its accounts in a file that only the folder protects', async (t) => {
    const failing = '\necho "E: no package" >&2; exit 100';
    const { cacheDir, bin, calls } = withTools(t, { 'apt-get': failing, dpkg: '', docker: '\necho 28.1.1' });
    const dataDir = join(dirname(cacheDir), 'data');
    assert.deepEqual(await prepareDatabase({ cacheDir, path: bin, dataDir, ...settings }), { how: 'docker' });
    const docker = calls().flatMap((call) => /^docker (\S+)/.exec(call)?.[1] ?? []);
    assert.deepEqual(docker, ['version', 'rm', 'create']);
    assert.match(readFileSync(`${dataDir}.init.sql`, 'utf8'), /oms_admin/);
    assert.match(readFileSync(`${dataDir}.start.sql`, 'utf8'), /oms_sandbox/);
    assert.doesNotMatch(calls().join('\n'), /secret/);
  });
});
