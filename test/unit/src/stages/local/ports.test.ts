import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createMachine, type Machine } from '../../../../../src/adapters/machine.ts';
import { endpointsFile, readLocalEndpoints } from '../../../../../src/stages/local/endpoints.ts';
import { type LocalPorts, providePorts } from '../../../../../src/stages/local/ports.ts';
import { provideSecrets } from '../../../../../src/stages/local/secrets.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const machine = createMachine();
/** It gives the lowest port that may be given, so that one that is not excluded comes again. */
const frugal: Machine = {
  ...machine,
  findFreePort: async (except = new Set()) => {
    for (let port = 20_000; ; port++) if (!except.has(port)) return port;
  },
};
const idle = { running: new Set<string>(), choose: false };

/** Listens on a port until the test ends. */
async function occupy(t: TestContext, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
}

suite('ports', () => {
  test('are chosen once, each another, and remembered', async (t) => {
    const file = join(tempFolder(t), 'ports.json');
    const ports = await providePorts(machine, file, idle);
    assert.equal(new Set(Object.values(ports)).size, 9);
    assert.deepEqual(await providePorts(machine, file, idle), ports);
  });

  test('a stranger on a remembered port is named; the process that is ours may be there', async (t) => {
    const file = join(tempFolder(t), 'ports.json');
    const ports = await providePorts(machine, file, idle);
    await occupy(t, ports.hub);
    await assert.rejects(providePorts(machine, file, idle), (error: { code: string; message: string; why: string }) => {
      assert.equal(error.code, 'port_taken');
      assert.equal(error.message, `port ${ports.hub}, which the hub uses, is taken`);
      assert.match(error.why, new RegExp(`process ${process.pid} listens on it: .*node`));
      return true;
    });
    assert.deepEqual(await providePorts(machine, file, { running: new Set(['hub']), choose: false }), ports);
  });

  test('new ones are chosen on demand, for what does not run', async (t) => {
    const file = join(tempFolder(t), 'ports.json');
    const before = await providePorts(frugal, file, idle);
    const after = await providePorts(frugal, file, { running: new Set(['hub']), choose: true });
    const kept = (Object.keys(before) as (keyof LocalPorts)[]).filter((name) => before[name] === after[name]);
    assert.deepEqual(kept.sort(), ['hub', 'hubHttp']);
  });
});

suite('secrets and endpoints', () => {
  test('secrets are made once, for the owner only', async (t) => {
    const file = join(tempFolder(t), 'secrets.json');
    const secrets = await provideSecrets(machine, file);
    assert.deepEqual(await provideSecrets(machine, file), secrets);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { database, ...others } = secrets;
    assert.equal(new Set([...Object.values(database), ...Object.values(others)]).size, 8);
  });

  test('secrets of an earlier version stay, and the missing ones are added for good', async (t) => {
    const file = join(tempFolder(t), 'secrets.json');
    const [admin, app, ask, hubKey] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32));
    const before = { database: { admin, app, ask }, hubKey };
    machine.writeJson(file, before);
    const secrets = await provideSecrets(machine, file);
    const { sandbox, ...database } = secrets.database;
    assert.deepEqual({ database, hubKey: secrets.hubKey }, before);
    assert.equal(new Set([sandbox, secrets.pspHook, secrets.carrierHook, secrets.adminToken]).size, 4);
    assert.deepEqual(await provideSecrets(machine, file), secrets);
  });

  test('without a stack the endpoints say what to do', async (t) => {
    const folder = tempFolder(t);
    const expected = { code: 'stack_not_running', message: 'the local stack has not been started', next: ['oms up'] };
    await assert.rejects(readLocalEndpoints(folder), expected);
    for (const content of ['{ "producerUrl": ', '{}']) {
      writeFileSync(endpointsFile(folder), content);
      await assert.rejects(readLocalEndpoints(folder), expected);
    }
  });
});
