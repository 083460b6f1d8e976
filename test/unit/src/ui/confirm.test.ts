import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { confirm, confirmTyped } from '../../../../src/ui/confirm.ts';
import { answering } from '../../../helpers/answering.ts';

const somebody = { interactive: true };
const nobody = { interactive: false };

suite('a question with a yes or a no', () => {
  for (const [keys, answer] of [
    ['y\r', true],
    ['n\r', false],
    ['\r', false],
  ] as const) {
    test(`${JSON.stringify(keys)} is ${answer}`, async () => {
      assert.equal(await confirm(somebody, 'Go on?', 'oms x --yes', answering(keys)), answer);
    });
  }

  test('where nobody can be asked it is refused with the call to make', async () => {
    await assert.rejects(confirm(nobody, 'Go on?', 'oms x --yes'), {
      code: 'refused',
      why: 'Go on?',
      next: ['oms x --yes'],
    });
  });
});

suite('a name to be typed', () => {
  for (const [keys, answer] of [
    ['demo\r', true],
    [' demo \r', true],
    ['Demo\r', false],
    ['dem\r', false],
    ['\r', false],
  ] as const) {
    test(`${JSON.stringify(keys)} is ${answer}`, async () => {
      assert.equal(await confirmTyped(somebody, 'Type demo:', 'demo', 'oms x', answering(keys)), answer);
    });
  }

  for (const [name, keys] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ] as const) {
    test(`${name} is an interruption`, async () => {
      const asked = confirmTyped(somebody, 'Type demo:', 'demo', 'oms x', answering(keys));
      await assert.rejects(asked, { code: 'interrupted', exitCode: 130 });
    });
  }

  test('an abort while it waits ends it with its reason', async () => {
    const abort = new AbortController();
    const { input, output } = answering('');
    const asked = confirmTyped(somebody, 'Type demo:', 'demo', 'oms x', { input, output, signal: abort.signal });
    output.once('data', () => abort.abort(new Error('terminated')));
    await assert.rejects(asked, /terminated/);
  });

  test('an input that ends is an interruption', async () => {
    const input = new PassThrough();
    const output = new PassThrough().once('data', () => input.end());
    await assert.rejects(confirmTyped(somebody, 'Type demo:', 'demo', 'oms x', { input, output }), {
      code: 'interrupted',
    });
  });
});
