import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mergeLines, parseLogLine, toJsonLine } from '../../../../../src/stages/local/log-line.ts';
import { renderLogLine } from '../../../../../src/stages/local/logs-view.ts';

const plain = { style: (_: unknown, text: string) => text };
const show = (process: string, raw: string) => renderLogLine(parseLogLine(process, raw), plain);

suite('log lines', () => {
  test('of ours: time, process, level, message, cause and the rest', () => {
    const raw = JSON.stringify({
      level: 'error',
      time: '2026-03-01T08:00:01.234Z',
      service: 'hub',
      pid: 1,
      partition: 3,
      err: { message: 'no disk' },
      msg: 'not stored',
    });
    assert.equal(show('hub', raw), '08:00:01.234 hub        error not stored (no disk) partition=3');
  });

  test('of the database server, MariaDB and MySQL', () => {
    assert.equal(
      show('database', '2026-03-01  8:00:01 0 [Warning] Aborted connection'),
      '08:00:01.000 database   warn  Aborted connection',
    );
    assert.equal(
      show('database', '2026-03-01T08:00:01.000001Z 0 [System] [MY-1] ready'),
      '08:00:01.000 database   info  [MY-1] ready',
    );
  });

  test('anything else is text', () => {
    assert.equal(show('blob', 'Azurite is starting').trim(), 'blob             Azurite is starting');
    assert.equal(parseLogLine('blob', '[1, 2').text, '[1, 2');
  });

  test('several logs come in the order of time; a line without time stays behind the one before it', () => {
    const line = (process: string, time: string | undefined, text: string) => ({
      process,
      time,
      level: undefined,
      text,
      raw: text,
    });
    const a = [line('a', '08:00:01', 'a1'), line('a', undefined, 'a1 goes on'), line('a', '08:00:03', 'a2')];
    const b = [line('b', '08:00:02', 'b1')];
    assert.deepEqual(
      mergeLines([a, b]).map(({ text }) => text),
      ['a1', 'a1 goes on', 'b1', 'a2'],
    );
  });

  test('as JSON: ours as it was written, others wrapped', () => {
    const ours = '{"level":"info","msg":"x"}';
    assert.equal(toJsonLine(parseLogLine('hub', ours)), ours);
    assert.deepEqual(JSON.parse(toJsonLine(parseLogLine('blob', 'text'))), {
      time: null,
      level: null,
      service: 'blob',
      msg: 'text',
    });
  });
});
