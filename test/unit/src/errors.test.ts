import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { diskFailure } from '../../../src/errors.ts';

const errno = (code: string, more: object = {}) => Object.assign(new Error(`${code}: no`), { code, ...more });

test('a disk that is full or not to be written to is told as that, whoever meets it', () => {
  assert.equal(diskFailure(errno('ENOSPC', { syscall: 'write' }))?.message, 'the disk is full');
  const refused = diskFailure(errno('EROFS', { syscall: 'mkdir', path: '/mnt/.oms' }));
  assert.deepEqual([refused?.code, refused?.message], ['disk', '/mnt/.oms may not be read or written']);
});

test('a real one is recognised', () => {
  assert.throws(
    () => writeFileSync('/dev/full', 'x'),
    (error) => diskFailure(error)?.code === 'disk',
  );
});

test('a port, a program or a process that one may not have is none, nor is what is not there', () => {
  const others = [
    errno('EACCES', { syscall: 'listen', port: 80 }),
    errno('EACCES', { syscall: 'spawn az', path: 'az' }),
    errno('EPERM', { syscall: 'kill' }),
    new TypeError('x is not a function'),
    'text',
  ];
  for (const other of others) assert.equal(diskFailure(other), undefined);
  for (const read of [() => readFileSync('/no/such'), () => mkdirSync('/no/such/folder')]) {
    assert.throws(read, (error) => diskFailure(error) === undefined);
  }
});
