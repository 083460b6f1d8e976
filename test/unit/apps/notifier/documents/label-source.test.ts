import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LabelSource } from '../../../../../apps/notifier/documents/label-source.ts';
import { type PeerReply, startFakePeer } from '../../../../helpers/fake-peer.ts';

const { signal } = new AbortController();

suite('labels from carriers', () => {
  test('are fetched', async (t) => {
    const { url } = await startFakePeer(t, () => ({ text: '%PDF-1.3 label' }));
    assert.equal((await new LabelSource([url]).fetch(`${url}/labels/1`, signal)).toString(), '%PDF-1.3 label');
  });

  const unusable: [string, PeerReply, RegExp][] = [
    ['a page instead', { text: '<html>' }, /not a PDF/],
    ['too large', { text: `%PDF-${'x'.repeat(2_000_001)}` }, /more than 2000000 bytes/],
    ['not there', { status: 404 }, /answered 404/],
    ['somewhere else', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, /fetch failed/],
  ];
  for (const [what, reply, message] of unusable) {
    test(`${what}: not taken`, async (t) => {
      const { url } = await startFakePeer(t, () => reply);
      await assert.rejects(new LabelSource([url]).fetch(`${url}/1`, signal), message);
    });
  }

  test('are not looked for where nobody said that labels are', async (t) => {
    const peer = await startFakePeer(t, () => ({ text: '%PDF-' }));
    const source = new LabelSource(['http://carrier.test']);
    for (const url of [peer.url, 'file:///etc/passwd', 'http://carrier.test@127.0.0.1/', 'nonsense']) {
      await assert.rejects(source.fetch(url, signal), /OMS_LABEL_ORIGINS does not name/);
    }
    assert.deepEqual(peer.calls, []);
  });
});
