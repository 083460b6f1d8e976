import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  initialiseArguments,
  parseServerVersion,
  type ServerBinary,
  serverArguments,
} from '../../../../src/tools/mysqld.ts';

const mariadb: ServerBinary = {
  kind: 'mariadb',
  path: '/opt/m/sbin/mariadbd',
  version: '10.11.18',
  baseDir: '/opt/m',
  shareDir: '/opt/m/share/mysql',
};
const mysql: ServerBinary = { ...mariadb, kind: 'mysql', path: '/opt/m/sbin/mysqld', version: '8.4.2' };
const options = { dataDir: '/d', port: 3307, bufferPoolMb: 512, redoLogMb: 128, asRoot: false };
const common = [
  '--no-defaults',
  '--basedir=/opt/m',
  '--lc-messages-dir=/opt/m/share/mysql',
  '--character-sets-dir=/opt/m/share/mysql/charsets',
  '--datadir=/d',
];

suite('arguments of the database server', () => {
  test('a running MariaDB: private, durable, strict, UTC', () => {
    assert.deepEqual(serverArguments(mariadb, options), [
      ...common,
      '--innodb-log-file-size=128M',
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-buffer-pool-size=512M',
      '--skip-log-bin',
      '--skip-name-resolve',
      '--local-infile=1',
      '--max-allowed-packet=64M',
      '--max-connections=200',
      '--performance-schema=OFF',
      '--sql-mode=STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
      '--default-time-zone=+00:00',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
      '--tmpdir=/d',
      '--socket=server.sock',
      '--port=3307',
      '--bind-address=127.0.0.1',
      '--secure-file-priv=',
    ]);
  });

  test('MySQL differs in its redo log and in the X plugin', () => {
    const [forMariadb, forMysql] = [serverArguments(mariadb, options), serverArguments(mysql, options)];
    assert.deepEqual(
      forMysql.filter((argument) => !forMariadb.includes(argument)),
      ['--innodb-redo-log-capacity=128M', '--mysqlx=OFF'],
    );
  });

  test('running as root is said by name, nothing else changes', () => {
    const asRoot = serverArguments(mysql, { ...options, asRoot: true });
    assert.deepEqual(
      asRoot.filter((argument) => argument !== '--user=root'),
      serverArguments(mysql, options),
    );
    assert.equal(asRoot.length, serverArguments(mysql, options).length + 1);
  });

  test('what it shall do at every start comes from a file', () => {
    const plain = serverArguments(mariadb, options);
    assert.deepEqual(serverArguments(mariadb, { ...options, startFile: '/s.sql' }), [...plain, '--init-file=/s.sql']);
  });

  test('MariaDB is initialised from stdin, MySQL with its own form and an init file', () => {
    const initialise = { dataDir: '/d', redoLogMb: 32, asRoot: false, initFile: '/i.sql' };
    assert.deepEqual(initialiseArguments(mariadb, initialise), [
      ...common,
      '--innodb-log-file-size=32M',
      '--skip-log-bin',
      '--bootstrap',
      '--log-warnings=0',
      '--max-allowed-packet=8M',
      '--net-buffer-length=16K',
    ]);
    assert.deepEqual(initialiseArguments(mysql, initialise), [
      ...common,
      '--innodb-redo-log-capacity=32M',
      '--skip-log-bin',
      '--mysqlx=OFF',
      '--initialize-insecure',
      '--init-file=/i.sql',
    ]);
  });
});

suite('which server a program says it is', () => {
  const cases: [string, ReturnType<typeof parseServerVersion>][] = [
    [
      'mariadbd  Ver 10.11.18-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)',
      { kind: 'mariadb', version: '10.11.18' },
    ],
    [
      '/usr/sbin/mysqld  Ver 8.0.45-0ubuntu0.24.04.1 for Linux on x86_64 ((Ubuntu))',
      { kind: 'mysql', version: '8.0.45' },
    ],
    ['/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))', { kind: 'mysql', version: '9.7.4' }],
    ['something else 1.2.3', undefined],
  ];
  for (const [output, expected] of cases) {
    test(output, () => assert.deepEqual(parseServerVersion(output), expected));
  }
});
