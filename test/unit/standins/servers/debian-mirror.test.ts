import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { codenameOf, findMirror } from '../../../standins/servers/debian-mirror.ts';

const TARGETS = [
  'https://tools.example/apt|tools-bookworm|main',
  'http://mirror.example/debian-security/|bookworm-security|main',
  'http://mirror.example/debian|bookworm|contrib',
  'http://mirror.example/debian|bookworm|main',
].join('\n');

suite('the mirror of Debian in the sources of this machine', () => {
  test('is the one with the main part of the release that runs', () => {
    assert.equal(findMirror(TARGETS, 'bookworm'), 'http://mirror.example/debian/');
  });

  test('is unknown when the sources name others only', () => {
    assert.equal(findMirror(TARGETS, 'trixie'), undefined);
    assert.equal(findMirror('', 'bookworm'), undefined);
  });

  test('knows the release by its name', () => {
    assert.equal(codenameOf('ID=debian\nVERSION_CODENAME=bookworm\nID_LIKE=x\n'), 'bookworm');
    assert.equal(codenameOf('VERSION_CODENAME="trixie"'), 'trixie');
    assert.equal(codenameOf('ID=other\n'), '');
  });
});
