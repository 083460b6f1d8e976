import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entry, HELP, readEntry } from '../../../../../../src/stages/ask/session/entry.ts';

const CASES: [line: string, entry: Entry][] = [
  ['  ', { kind: 'nothing' }],
  ['# a remark', { kind: 'nothing' }],
  [' 2 ', { kind: 'choice', number: 2 }],
  ['\\q', { kind: 'quit' }],
  ['exit', { kind: 'quit' }],
  ['quit', { kind: 'quit' }],
  ['\\?', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['\\csv my rows.csv', { kind: 'csv', file: 'my rows.csv' }],
  ['\\csv', { kind: 'csv', file: '' }],
  ['\\drop', { kind: 'unknown', name: '\\drop' }],
  ['\\sql now', { kind: 'unknown', name: '\\sql' }],
  ['help me with refunds', { kind: 'question', text: 'help me with refunds' }],
  ['constructor', { kind: 'question', text: 'constructor' }],
  ['top 5 products', { kind: 'question', text: 'top 5 products' }],
];

for (const [line, entry] of CASES) {
  test(`${JSON.stringify(line)} is ${entry.kind}`, () => assert.deepEqual(readEntry(line), entry));
}

test('the help names every command', () => {
  for (const name of ['\\sql', '\\explain', '\\chart', '\\csv', '\\new', '\\quit'])
    assert.ok(HELP.includes(name), name);
});
