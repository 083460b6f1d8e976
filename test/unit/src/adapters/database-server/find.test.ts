import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findInstalledServer, inspectServer } from '../../../../../src/adapters/database-server/find.ts';
import { fakeProgram } from '../../../../helpers/fake-program.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const MARIADB = 'echo "mariadbd  Ver 10.11.18-MariaDB for debian-linux-gnu on x86_64"';
const MYSQL = 'echo "mysqld  Ver 8.4.2 for Linux on x86_64"';

function install(prefix: string, name: 'mariadbd' | 'mysqld', script: string, share = true): string {
  if (share) {
    const folder = join(prefix, 'share', 'mysql');
    mkdirSync(join(folder, 'english'), { recursive: true });
    writeFileSync(join(folder, 'mysql_system_tables.sql'), '');
    writeFileSync(join(folder, 'english', 'errmsg.sys'), '');
  }
  return fakeProgram(join(prefix, 'sbin', name), script);
}

suite('finding an installed server', () => {
  test('MariaDB comes before MySQL, wherever they lie on the path', async (t) => {
    const [a, b] = [join(tempFolder(t), 'a'), join(tempFolder(t), 'b')];
    install(a, 'mysqld', MYSQL);
    const path = install(b, 'mariadbd', MARIADB);
    const { server } = await findInstalledServer(`${a}/sbin:${b}/sbin`, []);
    assert.deepEqual(server, {
      kind: 'mariadb',
      version: '10.11.18',
      path,
      baseDir: b,
      shareDir: join(b, 'share', 'mysql'),
    });
  });

  test('servers live where PATH does not look, too', async (t) => {
    const folder = tempFolder(t);
    install(folder, 'mysqld', MYSQL);
    assert.equal((await findInstalledServer('', [join(folder, 'sbin')])).server?.version, '8.4.2');
  });

  test('each that cannot be used is told with its reason', async (t) => {
    const [old, broken, bare] = ['old', 'broken', 'bare'].map((name) => join(tempFolder(t), name)) as [
      string,
      string,
      string,
    ];
    install(old, 'mariadbd', 'echo "mariadbd  Ver 10.3.1-MariaDB"');
    install(broken, 'mysqld', 'echo "no such library" >&2; exit 127');
    install(bare, 'mysqld', MYSQL, false);
    const found = await findInstalledServer([old, broken, bare].map((prefix) => `${prefix}/sbin`).join(':'), []);
    assert.equal(found.server, undefined);
    assert.deepEqual(
      found.unusable.map(({ path }) => path),
      [`${old}/sbin/mariadbd`, `${broken}/sbin/mysqld`, `${bare}/sbin/mysqld`],
    );
    const [first, second, third] = found.unusable.map(({ reason }) => reason) as [string, string, string];
    assert.match(first, /is mariadb 10\.3\.1, at least 10\.6\.0 is needed/);
    assert.match(second, /exit code 127/);
    assert.match(third, /share folder was not found/);
  });

  test('an unpacked package brings its libraries along', async (t) => {
    const prefix = join(tempFolder(t), 'usr');
    mkdirSync(join(prefix, 'lib', 'x86_64-linux-gnu'), { recursive: true });
    const needsLibrary = `[ "$LD_LIBRARY_PATH" = "${prefix}/lib/x86_64-linux-gnu" ] && ${MARIADB}`;
    const path = install(prefix, 'mariadbd', needsLibrary);
    const found = await inspectServer(path, { unpacked: true });
    assert.equal('libraryDir' in found && found.libraryDir, join(prefix, 'lib', 'x86_64-linux-gnu'));
  });
});
