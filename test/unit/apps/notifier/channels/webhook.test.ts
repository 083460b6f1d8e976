import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MESSAGE_ID_HEADER, WebhookChannel } from '../../../../../apps/notifier/channels/webhook.ts';
import { checkSignature, SIGNATURE_HEADER } from '../../../../../lib/integration/webhook-signature.ts';
import { type PeerReply, startFakePeer } from '../../../../helpers/fake-peer.ts';
import { ORDER_ID, outgoing } from '../../../../helpers/messages.ts';

const SECRET = 'a-secret-of-the-tests';
const { signal } = new AbortController();

suite('messages to a webhook', () => {
  test('are signed, and name themselves', async (t) => {
    const peer = await startFakePeer(t, () => ({ status: 204, text: '' }));
    await new WebhookChannel(`${peer.url}/hook`, SECRET).send(outgoing(), signal);
    const [call] = peer.calls;
    const signature = String(call?.headers[SIGNATURE_HEADER]);
    assert.equal(checkSignature(SECRET, signature, Buffer.from(call?.body ?? ''), Date.now()).verdict, 'valid');
    assert.equal(call?.headers[MESSAGE_ID_HEADER], `${ORDER_ID}/status-3`);
    assert.deepEqual(JSON.parse(call?.body ?? ''), {
      id: `${ORDER_ID}/status-3`,
      template: 'order_confirmed',
      audience: 'customer',
      order_id: ORDER_ID,
      customer: 'c-1',
      synthetic: false,
      at: '2026-03-01T12:00:00.000Z',
      subject: 'Your order is confirmed',
      text: 'Good news!\n',
    });
  });

  const replies: [PeerReply, string][] = [
    [{ status: 503 }, 'away'],
    ['cut', 'away'],
    [{ status: 410 }, 'refused'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'refused'],
  ];
  for (const [reply, why] of replies) {
    test(`${JSON.stringify(reply)} is no yes: ${why}`, async (t) => {
      const peer = await startFakePeer(t, () => reply);
      const sent = new WebhookChannel(peer.url, SECRET).send(outgoing(), signal);
      await assert.rejects(sent, { name: 'ChannelError', why });
      assert.equal(peer.calls.length, 1);
    });
  }
});
