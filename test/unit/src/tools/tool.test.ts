import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { isAtLeast, parseVersion } from '../../../../src/tools/tool.ts';

suite('versions', () => {
  test('parts are compared as numbers', () => {
    assert.equal(isAtLeast('10.11.2', '10.6.0'), true);
    assert.equal(isAtLeast('10.5.9', '10.6.0'), false);
    assert.equal(isAtLeast('8.0', '8.0.0'), true);
    assert.equal(isAtLeast('7.9.9', '8'), false);
  });

  test('of two versions one is at least the other, both only when they are equal', () => {
    const version = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        assert.equal(isAtLeast(a, b) && isAtLeast(b, a), a === b);
        assert.ok(isAtLeast(a, b) || isAtLeast(b, a));
      }),
    );
  });

  test('a version is found in what programs print', () => {
    assert.equal(parseVersion('v24.21.0\n'), '24.21.0');
    assert.equal(parseVersion('Docker version 28.1.1, build 4eba377'), '28.1.1');
    assert.equal(parseVersion('ansible [core 2.19.0]'), '2.19.0');
    assert.equal(parseVersion('no number'), undefined);
  });
});
