import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { hashSpec, parseSpec, readState, writeFileAtomically } from '../../../../lib/runtime/supervision.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

const minimal = { name: 'hub', command: 'node', cwd: '/', logFile: '/l' };

suite('process specs', () => {
  test('what is left out gets its default', () => {
    const [spec] = parseSpec({ stateFile: '/s', processes: [minimal] }).processes;
    assert.deepEqual(spec, {
      ...minimal,
      args: [],
      env: {},
      after: [],
      removeBeforeStart: [],
      restart: { minDelayMs: 100, maxDelayMs: 10_000, resetAfterMs: 30_000, giveUpAfter: 20 },
      stopDeadlineMs: 12_000,
    });
  });

  test('a wrong spec is refused with the place', () => {
    const wrong = (change: object) => () => parseSpec({ stateFile: '/s', processes: [{ ...minimal, ...change }] });
    assert.throws(wrong({ command: 5 }), /\/processes\/0\/command/);
    assert.throws(wrong({ name: 'Not A Name' }), /\/processes\/0\/name/);
    assert.throws(wrong({ unknown: true }), /\/processes\/0/);
  });

  test('the hash changes with any field', () => {
    const [spec] = parseSpec({ stateFile: '/s', processes: [minimal] }).processes;
    assert.equal(hashSpec(spec!), hashSpec({ ...spec! }));
    assert.notEqual(hashSpec(spec!), hashSpec({ ...spec!, args: ['x'] }));
  });
});

suite('state files', () => {
  test('missing, half-written or foreign content is no state', (t) => {
    const file = join(tempFolder(t), 'state.json');
    assert.equal(readState(file), undefined);
    for (const content of ['', '{"pid":', '{"pid":1}', '[]']) {
      writeFileSync(file, content);
      assert.equal(readState(file), undefined);
    }
  });

  test('a file is replaced whole, for its owner only, and nothing is left beside it', (t) => {
    const folder = tempFolder(t);
    const file = join(folder, 'a.json');
    writeFileAtomically(file, 'one');
    writeFileAtomically(file, 'two');
    assert.equal(readFileSync(file, 'utf8'), 'two');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['a.json']);
  });
});
