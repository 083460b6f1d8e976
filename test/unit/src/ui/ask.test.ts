import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createPrompts } from '../../../../src/ui/ask.ts';
import { until } from '../../../helpers/until.ts';

/** A person at a terminal: sees what is written, and types. */
function person() {
  const input = new PassThrough();
  const output = new PassThrough();
  let seen = '';
  output.on('data', (chunk) => {
    seen += chunk;
  });
  const sees = (text: string) => until(`seen: ${text}`, () => seen.includes(text));
  return { prompts: createPrompts({ input, output }), sees, types: (text: string) => input.write(text) };
}

test('a text is asked for until it fits', async () => {
  const { prompts, sees, types } = person();
  const answer = prompts.text({
    message: 'Orders a second',
    validate: (text) => /^\d+$/.test(text.trim()) || 'a number, please',
  });
  await sees('Orders a second');
  types('lots\r');
  await sees('a number, please');
  types('\u0015500 \r');
  assert.equal(await answer, '500');
});

test('one of several is chosen with the arrows', async () => {
  const { prompts, sees, types } = person();
  const answer = prompts.choice({ message: 'Region', choices: ['eastus', 'westeurope'] });
  await sees('westeurope');
  types('\u001b[B\r');
  assert.equal(await answer, 'westeurope');
});

test('Ctrl-C at a question is an interruption', async () => {
  const { prompts, sees, types } = person();
  const answer = prompts.text({ message: 'Orders a second', validate: () => true });
  const refused = assert.rejects(answer, { code: 'interrupted', exitCode: 130 });
  await sees('Orders a second');
  types('\u0003');
  await refused;
});
