import { PassThrough } from 'node:stream';

/** A person at a prompt who presses these keys as soon as the question is there. */
export function answering(keys: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (text) => {
    shown += text;
  });
  output.once('data', () => setImmediate(() => input.write(keys)));
  return { input, output, shown: () => shown };
}
