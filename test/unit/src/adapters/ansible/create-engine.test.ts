import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createAnsible } from '../../../../../src/adapters/ansible/create-engine.ts';
import type { PlayCall } from '../../../../../src/adapters/ansible/engine.ts';
import { withTools } from '../../../../helpers/fake-apt.ts';
import { fakeProgram } from '../../../../helpers/fake-program.ts';
import { setEnvironment } from '../../../../helpers/set-environment.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

const RECORDED = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'ansible-events');

/** An ansible-playbook that says what it is told to. */
function setUp(t: TestContext, script: string) {
  const folder = tempFolder(t);
  const program = fakeProgram(
    join(folder, 'ansible-playbook'),
    `case "$1" in --version) echo 'ansible-playbook [core 2.19.11]'; exit;; esac
printf '%s\\n' "$@" > '${folder}/args'; env > '${folder}/env'
${script}`,
  );
  const events: Parameters<PlayCall['onTask']>[0][] = [];
  const call: PlayCall = {
    playbook: 'prepare.yml',
    folder,
    inventory: '/i.json',
    variables: '/v.json',
    scratch: join(folder, 'scratch'),
    onTask: (event) => events.push(event),
    signal: new AbortController().signal,
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
  return { engine: createAnsible({ program }), call, events, folder, read };
}

const END = '{"event":"end","hosts":{"a":{"ok":1,"changed":0,"failures":0,"unreachable":0,"skipped":0}}}';

suite('calling ansible', () => {
  test('what it is called with, and that the settings of the shell do not reach in', async (t) => {
    setEnvironment(t, { ANSIBLE_STDOUT_CALLBACK: 'minimal', ANSIBLE_BECOME_ASK_PASS: '1', HTTPS_PROXY: 'http://p' });
    const { engine, call, read, folder } = setUp(t, `echo '${END}'`);
    await engine.play({ ...call, limit: ['web', 'shop-2'], check: true });
    assert.deepEqual(read('args'), [
      '--inventory=/i.json',
      '--extra-vars=@/v.json',
      '--limit=web,shop-2',
      '--check',
      join(folder, 'prepare.yml'),
    ]);
    const env = read('env');
    assert.ok(env.includes('ANSIBLE_STDOUT_CALLBACK=oms_events'));
    assert.ok(env.includes('HTTPS_PROXY=http://p'));
    assert.ok(!env.some((line) => line.startsWith('ANSIBLE_BECOME_ASK_PASS')));
  });

  test('a recorded run that went well, with an item of a loop and a hidden result', async (t) => {
    const { engine, call, events } = setUp(t, `cat '${join(RECORDED, 'changed.jsonl')}'`);
    const recap = await engine.play(call);
    assert.deepEqual(recap.failed, []);
    assert.equal(recap.changed, 2);
    assert.deepEqual(recap.hosts['shop-1'], { ok: 3, changed: 2, failures: 0, unreachable: 0, skipped: 1 });
    const results = events.flatMap((event) => (event.kind === 'result' ? [event.result] : []));
    assert.deepEqual(
      results.map(({ task, outcome, item }) => [task, outcome, item]),
      [
        ['Echo', 'changed', 'one'],
        ['Echo', 'changed', 'two'],
        ['Echo', 'changed', undefined],
        ['Hide', 'changed', undefined],
        ['Skip', 'skipped', undefined],
        ['Look', 'ok', undefined],
      ],
    );
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'started').map((event) => event.kind === 'started' && event.task),
      ['Echo', 'Hide', 'Skip', 'Look'],
    );
    assert.ok(results.at(-1)!.seconds! > 0);
  });

  test('a recorded run that failed: the item that did, once', async (t) => {
    const { engine, call } = setUp(t, `cat '${join(RECORDED, 'failed.jsonl')}'; exit 2`);
    const recap = await engine.play(call);
    assert.deepEqual(
      recap.failed.map(({ host, task, item, stderr }) => [host, task, item, stderr]),
      [['shop-1', 'Try', 'broken', 'no such thing']],
    );
  });

  test('remarks between the events disturb nothing', async (t) => {
    const { engine, call } = setUp(t, `echo 'a plugin says hello'; echo '{"event":"weather"}'; echo '${END}'`);
    assert.equal((await engine.play(call)).changed, 0);
  });

  test('where it cannot begin, what it said is the reason', async (t) => {
    const { engine, call } = setUp(t, "echo '[WARNING]: x' >&2; echo 'ERROR! the playbook is not there' >&2; exit 1");
    await assert.rejects(engine.play(call), {
      code: 'deploy_failed',
      message: 'Ansible could not run prepare.yml to its end',
      why: 'ERROR! the playbook is not there',
    });
  });

  test('a failure that no task explains is not taken for success', async (t) => {
    const { engine, call } = setUp(t, `echo '${END}'; exit 250`);
    await assert.rejects(engine.play(call), { code: 'deploy_failed' });
  });

  test('Ctrl-C is one SIGINT, and the end is waited for', async (t) => {
    const abort = new AbortController();
    const { engine, call, folder } = setUp(
      t,
      `trap 'echo INT >> "$0.signals"; done=1' INT; touch "$0.waiting"
while [ -z "$done" ]; do sleep 0.02; done; touch "$0.ended"; exit 99`,
    );
    const playing = engine.play({ ...call, signal: abort.signal });
    const program = join(folder, 'ansible-playbook');
    await until('it waits', () => existsSync(`${program}.waiting`));
    abort.abort(new Error('interrupted'));
    await assert.rejects(playing, { message: 'interrupted' });
    assert.equal(readFileSync(`${program}.signals`, 'utf8'), 'INT\n');
    assert.ok(existsSync(`${program}.ended`));
  });
});

suite('which ansible', () => {
  test('the one of the machine when it is new enough', async (t) => {
    const { engine, folder } = setUp(t, 'true');
    await engine.provide(folder, () => assert.fail('nothing has to be done'));
    assert.equal(await engine.version(), '2.19.11');
  });

  test('an older one is none', async (t) => {
    const program = fakeProgram(join(tempFolder(t), 'ansible-playbook'), "echo 'ansible-playbook [core 2.14.18]'");
    assert.equal(await createAnsible({ program }).version(), undefined);
  });

  test('where the distribution has none, what was said, and another way', async (t) => {
    const { cacheDir } = withTools(t, { 'apt-get': '\nexit 100', 'apt-cache': '\nexit 100' });
    mkdirSync(cacheDir);
    writeFileSync(join(cacheDir, 'kept'), '');
    await assert.rejects(
      createAnsible().provide(cacheDir, () => undefined),
      {
        code: 'tool_missing',
        message: 'no Ansible can be had on this machine',
      },
    );
    assert.ok(!existsSync(join(cacheDir, 'ansible')));
  });
});
