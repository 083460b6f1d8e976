import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { showBody } from '../../../../../src/stages/dlq/body.ts';

const show = (text: string) => showBody(Buffer.from(text));

test('JSON is indented, other text stays as it is, bytes that are no text are shown as such', () => {
  assert.deepEqual(show('{"a":[1,"ü"]}'), { form: 'json', text: '{\n  "a": [\n    1,\n    "ü"\n  ]\n}', cut: false });
  assert.deepEqual(show('not json\n{'), { form: 'text', text: 'not json\n{', cut: false });
  const { form, text, cut } = showBody(Buffer.from([0xff, 0x41, 0x00, ...Buffer.alloc(300, 0x20)]));
  assert.deepEqual([form, cut, text.split('\n').length], ['hex', true, 16]);
  assert.match(text, /^000000 {2}ff 41 00 20( 20){12} {2}\.A\. {13}$/m);
});

test('a long body is cut at two hundred lines', () => {
  const { text, cut } = show(JSON.stringify(Array.from({ length: 500 }, (_, index) => index)));
  assert.deepEqual([text.split('\n').length, cut], [200, true]);
});

test('nothing in a body reaches the terminal as a command', () => {
  const hostile = '\u001b]0;owned\u0007 \u009b31m \u202etxt.exe \r';
  for (const body of [hostile, JSON.stringify({ [hostile]: hostile })]) {
    const { text } = show(body);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must be gone
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(text, /\\u001b\]0;owned/);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must be gone
      assert.doesNotMatch(showBody(bytes).text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test('a card number is masked, an id is not', () => {
  const { text } = show(
    JSON.stringify({ note: 'pay 4111 1111 1111 1111 now', id: '41111111-1111-8111-8111-111111111111' }),
  );
  assert.match(text, /"pay \[card number removed\] now"/);
  assert.match(text, /41111111-1111-8111-8111-111111111111/);
});
