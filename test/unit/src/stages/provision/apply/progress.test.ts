import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { leftText, reportOf } from '../../../../../../src/stages/provision/apply/apply-report.ts';
import { type ApplyProgress, foldMessage, newProgress } from '../../../../../../src/stages/provision/apply/progress.ts';
import { countLine, plainLine, treeLines } from '../../../../../../src/stages/provision/apply/progress-view.ts';
import type { TerraformMessage } from '../../../../../../src/tools/terraform-messages.ts';
import { terraformStream } from '../../../../../helpers/fake-terraform.ts';

const messagesOf = (name: string): TerraformMessage[] =>
  terraformStream(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** On a clock that follows the stream's own times. */
const timeOf = (message: TerraformMessage) => Date.parse(message['@timestamp']!);

function fold(names: readonly string[], total: number): { progress: ApplyProgress; lines: string[]; now: number } {
  const progress = newProgress(total);
  const lines: string[] = [];
  let now = 0;
  for (const message of names.flatMap(messagesOf)) {
    now = timeOf(message);
    const resource = foldMessage(progress, message, now);
    const line = resource && plainLine(progress, resource, message);
    if (line) lines.push(line);
  }
  return { progress, lines, now };
}

suite('an apply as it goes', () => {
  test('to its end: every resource with the seconds Terraform counted', () => {
    const { progress } = fold(['apply-success'], 14);
    const { outcome, summary, resources, terraform } = reportOf(progress, 'applied', 243_210);
    assert.deepEqual(
      [outcome, summary, terraform, resources.length],
      ['applied', { added: 14, changed: 0, removed: 0 }, '1.16.0', 14],
    );
    assert.ok(resources.every(({ result }) => result === 'done'));
    assert.equal(resources.find(({ address }) => address.includes('eventhub_namespace'))?.seconds, 65);
  });

  test('in the middle: done, begun, still waiting', () => {
    const { progress } = fold(['apply-cancel-before'], 14);
    const results = Map.groupBy(reportOf(progress, 'interrupted', 0).resources, ({ result }) => result);
    assert.deepEqual(
      [...results].map(([result, found]) => [result, found.length]),
      [
        ['done', 3],
        ['unfinished', 2],
        ['not started', 9],
      ],
    );
    assert.equal(countLine(progress), '3 of 14 done, 2 running');
  });

  test('stopped: what was begun and not finished is named', () => {
    const { progress } = fold(['apply-cancel-before', 'apply-cancel-after'], 14);
    assert.equal(
      leftText(progress),
      '4 of 14 resources are done; begun and not finished: module.namespace.azurerm_eventhub_namespace.main',
    );
  });

  test('a replacement is done when both halves are', () => {
    const messages = messagesOf('apply-replace');
    const progress = newProgress(2);
    const states = messages.map((message) => {
      foldMessage(progress, message, timeOf(message));
      return progress.resources.get('module.namespace.azurerm_eventhub_namespace.main')?.state;
    });
    assert.deepEqual(
      states.filter((state, index) => state !== states[index - 1]),
      ['waiting', 'running', 'waiting', 'running', 'done'],
    );
    const [namespace] = reportOf(progress, 'applied', 0).resources;
    assert.deepEqual([namespace?.action, namespace?.seconds], ['replace', 22 + 65]);
  });

  test('a replacement of which one half is done is unfinished', () => {
    const messages = messagesOf('apply-replace');
    const half = messages.findLastIndex(({ type, hook }) => type === 'apply_complete' && hook?.action === 'delete');
    const progress = newProgress(2);
    for (const message of messages.slice(0, half + 1)) foldMessage(progress, message, 0);
    assert.deepEqual(
      reportOf(progress, 'interrupted', 0).resources.map(({ result }) => result),
      ['unfinished', 'unfinished'],
    );
  });

  test('reading data and unknown messages count for nothing', () => {
    const progress = newProgress(1);
    const [start] = messagesOf('apply-success').filter(({ type }) => type === 'apply_start');
    foldMessage(progress, { ...start!, hook: { ...start!.hook, action: 'read' } }, 0);
    for (const message of messagesOf('apply-unknown-types').slice(0, 2)) foldMessage(progress, message, 0);
    assert.equal(progress.resources.size, 0);
  });
});

suite('showing it', () => {
  test('a tree: finished groups in one line, what runs with its seconds', () => {
    const { progress, now } = fold(['apply-cancel-before'], 14);
    assert.deepEqual(treeLines(progress, now + 4_000), [
      '3 of 14 done, 2 running',
      '✓ resource group (1)',
      '✓ identity (1)',
      '✓ monitoring (1)',
      '  archive (0 of 5)',
      '    › azurerm_storage_account.archive  creating 24 s',
      '  namespace (0 of 5)',
      '    › azurerm_eventhub_namespace.main  creating 24 s',
    ]);
  });

  test('what failed stays in sight', () => {
    const { progress, now } = fold(['apply-linked-access'], 14);
    assert.ok(treeLines(progress, now).includes('    ✗ azurerm_eventhub.main["orders"]  failed 12 s'));
  });

  test('it never grows taller than a small terminal', () => {
    const progress = newProgress(100);
    const [start] = messagesOf('apply-success').filter(({ type }) => type === 'apply_start');
    for (let index = 0; index < 100; index++) {
      const resource = { ...start!.hook!.resource!, addr: `module.m${index}.a_b.c\u001b[2J` };
      foldMessage(progress, { ...start!, hook: { ...start!.hook, resource } }, 0);
    }
    const lines = treeLines(progress, 0);
    assert.deepEqual([lines.length, lines.at(-1)], [14, '  ... and 188 more']);
    assert.ok(lines.every((line) => !line.includes('\u001b')));
  });

  test('plain lines: beginning, end, and a word every minute', () => {
    const { lines } = fold(['apply-success'], 14);
    const namespace = lines.filter((line) => line.startsWith('module.namespace.azurerm_eventhub_namespace.main'));
    assert.deepEqual(namespace, [
      'module.namespace.azurerm_eventhub_namespace.main: creating',
      'module.namespace.azurerm_eventhub_namespace.main: still creating, 1 m 0 s',
      'module.namespace.azurerm_eventhub_namespace.main: created in 1 m 5 s (9 of 14 done)',
    ]);
  });
});
