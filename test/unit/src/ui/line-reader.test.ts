import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, type TestContext, test } from 'node:test';
import { createLineReader } from '../../../../src/ui/line-reader.ts';

function start(t: TestContext, options: { interactive: boolean; history?: string[]; onInterrupt?: () => boolean }) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const lines = createLineReader(
    { prompt: 'oms> ', history: [], onInterrupt: () => false, ...options },
    { input, output },
  );
  t.after(() => lines.close());
  return { input, lines, shown: () => shown };
}

suite('lines of a pipe', () => {
  test('one after the other, whatever ends them, until there are no more', async (t) => {
    const { input, lines, shown } = start(t, { interactive: false });
    input.end('one\r\ntwo\nthree');
    assert.deepEqual(
      [await lines.next(), await lines.next(), await lines.next(), await lines.next()],
      ['one', 'two', 'three', undefined],
    );
    assert.equal(shown(), '');
  });
});

suite('lines of a terminal', () => {
  test('a prompt, and the arrow keys bring earlier lines', async (t) => {
    const { input, lines, shown } = start(t, { interactive: true, history: ['newest', 'oldest'] });
    const line = lines.next();
    input.write('\u001b[A\u001b[A\r');
    assert.equal(await line, 'oldest');
    assert.match(shown(), /oms> /);
  });

  test('Ctrl-C drops the line that is typed; when something runs it is that which ends', async (t) => {
    let running = false;
    let stopped = 0;
    const { input, lines } = start(t, {
      interactive: true,
      onInterrupt: () => {
        if (running) stopped += 1;
        return running;
      },
    });
    const line = lines.next();
    input.write('dropped\u0003');
    input.write('kept\r');
    assert.equal(await line, 'kept');
    running = true;
    input.write('\u0003');
    const next = lines.next();
    input.write('on\r');
    assert.deepEqual([await next, stopped], ['on', 1]);
  });

  test('Ctrl-D is the end', async (t) => {
    const { input, lines } = start(t, { interactive: true });
    const line = lines.next();
    input.write('\u0004');
    assert.equal(await line, undefined);
    assert.equal(await lines.next(), undefined);
  });
});
