import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { type Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import { encodeToBuffer } from '../../../../../apps/hub/amqp/writer.ts';
import { Settlements } from '../../../../../apps/hub/protocol/settlements.ts';

/** Collects dispositions as `first-last outcome`. */
function collecting() {
  const sent: string[] = [];
  let scheduled = 0;
  const settlements = new Settlements(
    (disposition) => {
      const { value } = new Reader(encodeToBuffer(disposition)).value() as Described;
      const [, first, last, , state] = value as [boolean, number, number, boolean, Described];
      sent.push(`${first}-${last} ${state.descriptor === 0x24 ? 'accepted' : 'rejected'}`);
    },
    () => scheduled++,
  );
  return { settlements, sent, scheduled: () => scheduled };
}

test('neighbours share a disposition, others do not', () => {
  const { settlements, sent, scheduled } = collecting();
  for (const id of [0, 1, 2, 5, 6, 4]) settlements.accept(id);
  assert.deepEqual(sent, ['0-2 accepted', '5-6 accepted']);
  assert.ok(scheduled() > 0);
  settlements.flush();
  settlements.flush();
  assert.deepEqual(sent, ['0-2 accepted', '5-6 accepted', '4-4 accepted']);
});

test('a rejection does not overtake what was accepted before it', () => {
  const { settlements, sent } = collecting();
  settlements.accept(7);
  settlements.reject(8, new AmqpError('com.microsoft:server-busy', 'busy'));
  settlements.accept(9);
  settlements.flush();
  assert.deepEqual(sent, ['7-7 accepted', '8-8 rejected', '9-9 accepted']);
});

test('a range ends where the ids wrap around', () => {
  const { settlements, sent } = collecting();
  for (const id of [0xffff_fffe, 0xffff_ffff, 0, 1]) settlements.accept(id);
  settlements.flush();
  assert.deepEqual(sent, ['4294967294-4294967295 accepted', '0-1 accepted']);
});

test('nothing is told once the session is gone', () => {
  const { settlements, sent } = collecting();
  settlements.accept(0);
  settlements.close();
  settlements.accept(1);
  settlements.reject(2, new AmqpError('com.microsoft:server-busy', 'busy'));
  settlements.flush();
  assert.deepEqual(sent, []);
});
