import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parseSiteLine, type SiteLogLine, toSiteJsonLine } from '../../../../../src/stages/site/log-lines.ts';
import { showSiteLogs } from '../../../../../src/stages/site/logs.ts';
import { fakeDocker } from '../../../../helpers/fake-docker.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { setEnvironment } from '../../../../helpers/set-environment.ts';
import { aSite, localHost, oneOfTwoAway, refusingHost, SSH_OF_TWO, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const LINES = [
  '\u001b[2Ktraefik-1     | 2026-11-21T12:00:02.5Z plain text',
  'producer-b-1  | 2026-11-21T12:00:01.123456789Z {"level":"warn","time":"2026-11-21T12:00:01.100Z","msg":"slow","order":"o-1"}',
  'web1-1        | 2026-11-21T12:00:00.000000001Z \u001b[31mred\u001b[0m',
];
const OPTIONS = {
  ...{ environment: 'demo', services: [], host: undefined, lines: 50, since: undefined },
  ...{ follow: false, order: undefined },
};

function setUp(t: TestContext, hosts = [localHost()]) {
  const folder = tempFolder(t);
  withPrograms(t, { docker: fakeDocker([], LINES), ...(hosts.length > 1 && { ssh: SSH_OF_TWO }) });
  const calls = join(folder, 'calls');
  setEnvironment(t, { FAKE_DOCKER_CALLS: calls });
  mkdirSync(join(folder, 'demo'), { recursive: true });
  writeFileSync(join(folder, 'demo', 'deploy.json'), JSON.stringify(aSite({ hosts })));
  const shown: SiteLogLine[] = [];
  const context = quietContext(folder);
  const show = (options: Partial<Parameters<typeof showSiteLogs>[1]> = {}) =>
    showSiteLogs(context, { ...OPTIONS, ...options }, (line) => shown.push(line));
  return { show, shown, calls: () => readFileSync(calls, 'utf8').trim() };
}

suite('logs of a site', () => {
  test('lines of all containers in the order of time, the same look as at home', async (t) => {
    const { show, shown, calls } = setUp(t);
    await show();
    assert.deepEqual(
      shown.map(({ process, time, level, text }) => [process.trim(), time, level, text]),
      [
        ['web1-1', '2026-11-21T12:00:00.000Z', undefined, '\\u{1b}[31mred\\u{1b}[0m'],
        ['producer-b-1', '2026-11-21T12:00:01.100Z', 'warn', 'slow order=o-1'],
        ['traefik-1', '2026-11-21T12:00:02.500Z', undefined, 'plain text'],
      ],
    );
    assert.equal(calls(), 'compose --ansi never -p oms logs --no-color --timestamps --tail=50');
  });

  test('several servers are named, and one that is away is left out', async (t) => {
    const { show, shown } = setUp(t, oneOfTwoAway({}, { name: 'shop-12', groups: ['app'] }));
    await show();
    assert.equal(shown[0]?.process, 'shop-1  web1-1        ');
  });

  test('a colour need not be known; a server is asked for what it carries alone', async (t) => {
    const { show, calls } = setUp(t, oneOfTwoAway({ groups: ['app'] }, { groups: ['web', 'data'] }));
    await show({ services: ['producer', 'web1'], since: '10m', lines: 5 });
    assert.equal(
      calls(),
      'compose --ansi never -p oms logs --no-color --timestamps --tail=5 --since=10m producer-a producer-b',
    );
  });

  test('a service that the named server does not carry is a wrong call', async (t) => {
    const { show } = setUp(t, oneOfTwoAway({ groups: ['web', 'app'] }, { groups: ['data'] }));
    await assert.rejects(show({ services: ['mysql'], host: 'shop-1' }), {
      code: 'usage',
      why: 'shop-1 carries web, app',
    });
  });

  test('lines that name an order', async (t) => {
    const { show, shown } = setUp(t);
    await show({ order: 'o-1' });
    assert.deepEqual(
      shown.map(({ container }) => container),
      ['producer-b-1'],
    );
  });

  test('new lines come as they are', async (t) => {
    const { show, shown, calls } = setUp(t);
    await show({ follow: true });
    assert.equal(shown.length, 3);
    assert.match(calls(), /--follow/);
  });

  test('what there is not is a wrong call; no server at all is a failure', async (t) => {
    const { show } = setUp(t);
    await assert.rejects(show({ services: ['web9'] }), { code: 'usage', message: 'there is no service "web9"' });
    await assert.rejects(show({ host: 'shop-9' }), { code: 'usage' });
    await assert.rejects(setUp(t, [refusingHost()]).show(), { code: 'host_unreachable' });
  });

  test('as JSON: what the process wrote, with server and container', () => {
    const [text, json] = LINES.map((line) => JSON.parse(toSiteJsonLine(parseSiteLine('shop-1', line)!)));
    assert.deepEqual(json, {
      ...{ level: 'warn', time: '2026-11-21T12:00:01.100Z', msg: 'slow', order: 'o-1' },
      ...{ host: 'shop-1', container: 'producer-b-1' },
    });
    assert.deepEqual(text, {
      ...{ time: '2026-11-21T12:00:02.500Z', level: null, service: 'traefik-1', msg: 'plain text' },
      ...{ host: 'shop-1', container: 'traefik-1' },
    });
    const broken = parseSiteLine('shop-1', 'a-1 | 2026-11-21T12:00:00Z {"half')!;
    assert.equal(JSON.parse(toSiteJsonLine(broken)).msg, '{"half');
  });
});
