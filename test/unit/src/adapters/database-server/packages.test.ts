import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fetchServer, findFetchedServer } from '../../../../../src/adapters/database-server/packages.ts';
import { provideServer } from '../../../../../src/adapters/database-server/provide.ts';
import { APT, UNPACK, withTools } from '../../../../helpers/fake-apt.ts';

suite("the distribution's server package", () => {
  test('is resolved, downloaded and unpacked; no installer runs', async (t) => {
    const { cacheDir, calls } = withTools(t, { 'apt-get': APT, dpkg: UNPACK });
    const activities: string[] = [];
    const server = await fetchServer({ cacheDir, report: (activity) => activities.push(activity) });
    assert.equal(server.version, '10.11.18');
    assert.ok(activities.some((activity) => activity.includes('libaio1, mariadb-server-core')));
    assert.deepEqual(
      calls().map((call) => call.replace(/ (-o|-qq|\S+::\S+=\S*)(?= )/g, '').replaceAll(/\/\S*\//g, '')),
      [
        'apt-get -s --no-install-recommends --reinstall install mariadb-server-core',
        'apt-get download libaio1 mariadb-server-core',
        `dpkg -x libaio1.deb database-server.partial-${process.pid}`,
        `dpkg -x mariadb-server-core.deb database-server.partial-${process.pid}`,
      ],
    );
    assert.equal(existsSync(join(cacheDir, 'database-server', 'debs')), false);
  });

  test('is not fetched twice', async (t) => {
    const { cacheDir, calls } = withTools(t, { 'apt-get': APT, dpkg: UNPACK });
    await fetchServer({ cacheDir });
    const before = calls().length;
    await fetchServer({ cacheDir });
    assert.equal(calls().length, before);
    assert.equal((await findFetchedServer(cacheDir))?.kind, 'mariadb');
  });

  test('with stale lists, own ones are read in a folder of their own', async (t) => {
    const { cacheDir, calls } = withTools(t, { 'apt-get': APT, dpkg: UNPACK }, { STALE: 'yes' });
    await fetchServer({ cacheDir });
    const update = calls().find((call) => call.includes(' update'));
    assert.match(update ?? '', new RegExp(`Dir::State::lists=${cacheDir}`));
    assert.equal(existsSync(join(cacheDir, 'database-server', 'apt')), false);
  });

  test('a server that does not start here leaves nothing in the cache', async (t) => {
    const { cacheDir } = withTools(t, { 'apt-get': APT, dpkg: `${UNPACK}\necho exit 1 > "$root/sbin/mariadbd"` });
    await assert.rejects(fetchServer({ cacheDir }), /does not start on this machine/);
    assert.equal(existsSync(join(cacheDir, 'database-server')), false);
  });
});

suite('where the server comes from', () => {
  const NO_APT = '\necho "E: Unable to locate package" >&2; exit 100';

  test('a fetched one is used before another is fetched; Docker comes last', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': APT, dpkg: UNPACK, docker: '\necho 28.1.1' });
    const choice = await provideServer({ cacheDir, path: bin, systemFolders: [] });
    assert.equal(choice.how === 'program' && choice.binary.libraryDir === undefined, true);
  });

  test('Docker, when nothing can be fetched', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': NO_APT, dpkg: '', docker: '\necho 28.1.1' });
    assert.deepEqual(await provideServer({ cacheDir, path: bin, systemFolders: [] }), { how: 'docker' });
  });

  test('nothing at all: every reason and three ways out', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': NO_APT, dpkg: '', docker: '\nexit 1' });
    await assert.rejects(
      provideServer({ cacheDir, path: bin, systemFolders: [] }),
      (error: { code: string; why: string; next: string[] }) => {
        assert.equal(error.code, 'tool_missing');
        assert.match(error.why, /Unable to locate package.*no Docker daemon answers/);
        assert.equal(error.next.length, 3);
        return true;
      },
    );
  });

  test('data of another kind of server is not opened', async (t) => {
    const { cacheDir, bin } = withTools(t, { 'apt-get': APT, dpkg: UNPACK });
    const binary = {
      kind: 'mysql',
      path: '/gone/mysqld',
      version: '8.4.2',
      baseDir: '/gone',
      shareDir: '/gone',
    } as const;
    await assert.rejects(
      provideServer({ cacheDir, path: bin, systemFolders: [], madeBy: { how: 'program', binary } }),
      {
        code: 'tool_missing',
        message: 'the local database was made by mysql 8.4.2, which is no longer here',
      },
    );
  });
});
