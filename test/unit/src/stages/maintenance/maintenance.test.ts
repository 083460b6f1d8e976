import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { createRemote } from '../../../../../src/adapters/ssh/create-remote.ts';
import type { Context } from '../../../../../src/context.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { type Host, sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { type MaintenanceOptions, maintenance } from '../../../../../src/stages/maintenance/maintenance.ts';
import { readMaintenance } from '../../../../../src/stages/maintenance/record.ts';
import { renderMaintenance } from '../../../../../src/stages/maintenance/view.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { runCli } from '../../../../helpers/run-cli.ts';
import { aSite, localHost, oneOfTwoAway, SSH_OF_TWO, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const STATE = {
  ...{ version: 1, release: 'r-0123456789ab', previous: null, deployedAt: '2026-11-21T12:00:00Z', deployedBy: 'a@b' },
  colours: { producer: 'b', consumer: 'b' },
};

/** A server in a folder, whose proxy takes every file at once. */
function setUp(t: TestContext, hosts: Host[] = [localHost()]) {
  withPrograms(t, { ssh: SSH_OF_TWO });
  const folder = tempFolder(t);
  const home = join(folder, 'server');
  mkdirSync(join(home, 'traefik', 'dynamic'), { recursive: true });
  writeFileSync(join(home, 'state.json'), JSON.stringify(STATE));
  const site = aSite({ home, hosts });
  const paths = sitePaths(folder, site.name);
  mkdirSync(paths.folder, { recursive: true });
  writeFileSync(paths.site, JSON.stringify(site));
  const real = createRemote();
  let reloads = 1;
  const remote: Context['remote'] = {
    ...real,
    run: (target, argv, options) => {
      if (!argv.some((argument) => argument.includes('urllib'))) return real.run(target, argv, options);
      return Promise.resolve({ code: 0, stdout: `traefik_config_reloads_total ${reloads++}\n`, stderr: '' });
    },
  };
  const context: Context = { ...quietContext(folder), remote, now: () => new Date('2026-11-21T13:00:00Z') };
  const routes = () => parse(readFileSync(join(home, 'traefik', 'dynamic', 'routes.yml'), 'utf8')).http;
  const call = (action: MaintenanceOptions['action'], message: string | null = null) =>
    maintenance({ env: site.name, action, message }, context);
  const audit = () =>
    readFileSync(join(home, 'audit.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { site, home, context, routes, call, audit, folder };
}

test('closed it stays closed until it is opened, and the colour that runs keeps the inside', async (t) => {
  const { site, home, context, routes, call, audit } = setUp(t);
  assert.equal((await call('status')).closed, false);
  const closed = await call('on', 'Zurück um zwölf.');
  assert.deepEqual([closed.closed, closed.changed, closed.message], [true, true, 'Zurück um zwölf.']);
  assert.equal(routes().routers.web.middlewares.at(-1), 'maintenance-page');
  assert.equal(routes().services.producer.weighted.services[0].name, 'producer-b');
  assert.equal((await readMaintenance(site, context))?.message, 'Zurück um zwölf.');
  assert.deepEqual([(await call('status')).closed, (await call('on', 'Zurück um zwölf.')).changed], [true, false]);
  const opened = await call('off');
  assert.deepEqual([opened.closed, opened.changed], [false, true]);
  assert.equal(routes().routers.web.middlewares.includes('maintenance-page'), false);
  assert.equal(existsSync(join(home, 'maintenance.json')), false);
  assert.equal((await call('off')).changed, false);
  assert.deepEqual(
    audit().map(({ action, outcome, detail }: Record<string, string>) => [action, outcome, detail].join(' ')),
    ['maintenance done on', 'maintenance unchanged on', 'maintenance done off', 'maintenance unchanged off'],
  );
  assert.equal(existsSync(join(home, 'lock')), false);
});

test('it says what keeps it from being done, and leaves the shop as it is', async (t) => {
  const { home, call, context } = setUp(t);
  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail('it was done'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof OmsError, String(error));
    return error.code;
  };
  assert.equal(await failure(call('on', ' ')), 'usage');
  assert.equal(await failure(call('on', 'x'.repeat(301))), 'usage');
  assert.equal(await failure(maintenance({ env: 'other', action: 'on', message: null }, context)), 'not_deployed');
  mkdirSync(join(home, 'lock'));
  assert.equal(await failure(call('on')), 'deploy_locked');
  assert.equal(existsSync(join(home, 'maintenance.json')), false);
});

test('it can be closed while the server of the database is away', async (t) => {
  const { call, routes } = setUp(t, oneOfTwoAway({ groups: ['web', 'app'] }, { groups: ['data'] }));
  assert.deepEqual([(await call('on')).closed, routes().routers.web.middlewares.at(-1)], [true, 'maintenance-page']);
});

test('where one of the proxies cannot be told, the failure says that it may be half done, and how to go on', async (t) => {
  const { call, context } = setUp(t);
  const { run } = context.remote;
  context.remote.run = (target, argv, options) =>
    argv.some((argument) => argument.includes('urllib'))
      ? Promise.resolve({ code: 1, stdout: '', stderr: 'the proxy does not run' })
      : run(target, argv, options);
  await assert.rejects(call('on'), (error) => {
    assert.ok(error instanceof OmsError);
    assert.match(error.why ?? '', /the proxy does not run; the shop may be closed in part/);
    assert.match(error.next.at(-1) ?? '', /^oms maintenance on --env demo/);
    return true;
  });
  assert.equal((await call('status')).closed, true);
});

test('a record that is not understood is no open shop, and can be done away with', async (t) => {
  const { home, call } = setUp(t);
  writeFileSync(join(home, 'maintenance.json'), '{"version":2}');
  await assert.rejects(call('status'), /not one of this version/);
  await assert.rejects(call('on'), /not one of this version/);
  assert.equal((await call('off')).closed, false);
  assert.equal(existsSync(join(home, 'maintenance.json')), false);
});

test('what is shown', () => {
  const closed = {
    ...{ environment: 'demo', closed: true, changed: true, since: '2026-11-21T13:00:00.000Z', by: 'a@b' },
    message: 'Back\u001b[2J soon',
  };
  const text = renderMaintenance(closed, plainTerminal());
  assert.match(text, /^Closed: visitors of demo/);
  assert.match(text, /since {3}2026-11-21 13:00 UTC, by a@b/);
  assert.ok(!text.includes('\u001b'));
  const open = { ...closed, closed: false, since: null, by: null, message: null };
  assert.equal(renderMaintenance(open, plainTerminal()), 'Open: demo takes orders.');
});

test('the command: a wrong word is a wrong call, an unknown site is missing', async (t) => {
  const env = { OMS_DIR: tempFolder(t) };
  assert.equal((await runCli(['maintenance', 'maybe'], { env })).code, 2);
  const missing = await runCli(['maintenance', 'status', '--env', 'none', '--json'], { env });
  assert.equal(missing.code, 4);
  assert.equal(JSON.parse(missing.stdout).error.code, 'not_deployed');
});
