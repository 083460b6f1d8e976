import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { HttpPeer } from '../../../../../apps/consumer/outside/http-peer.ts';
import { OutcomeUnknownError, UnavailableError } from '../../../../../apps/consumer/outside/performer.ts';
import { type PeerReply, startFakePeer } from '../../../../helpers/fake-peer.ts';

const { signal } = new AbortController();
const REQUEST = { method: 'POST', path: '/x', key: 'k-1', body: '{"a":1}' } as const;

async function ask(t: TestContext, reply: PeerReply, { deadlineMs = 5_000, path = '' } = {}) {
  const fake = await startFakePeer(t, () => reply);
  const peer = new HttpPeer(fake.url + path, { name: 'the peer', headers: { 'x-mine': '1' }, deadlineMs });
  t.after(() => peer.close());
  return { fake, answer: peer.request(REQUEST, signal) };
}

suite('a peer over HTTP', () => {
  test('gets the key, the body and the common headers, below the path of its URL', async (t) => {
    const { fake, answer } = await ask(t, { status: 201, json: { ok: true } }, { path: '/base/' });
    assert.deepEqual(await answer, { status: 201, body: { ok: true } });
    const [call] = fake.calls;
    assert.equal(call?.path, '/base/x');
    assert.equal(call?.body, REQUEST.body);
    assert.equal(call?.headers['idempotency-key'], 'k-1');
    assert.equal(call?.headers['content-type'], 'application/json');
    assert.equal(call?.headers['x-mine'], '1');
  });

  test('a refusal is an answer', async (t) => {
    const { answer } = await ask(t, { status: 422, json: { code: 'no' } });
    assert.deepEqual(await answer, { status: 422, body: { code: 'no' } });
  });

  const strange: [what: string, reply: PeerReply, message: RegExp, untouched: boolean][] = [
    ['a server error', { status: 500 }, /answered 500/, false],
    ['out of service', { status: 503 }, /answered 503/, true],
    ['too many requests', { status: 429 }, /answered 429/, true],
    ['HTML with 200', { text: '<html>' }, /no JSON/, false],
    ['an answer of 2 MB', { text: `"${'x'.repeat(2_000_000)}"` }, /the peer: UND_ERR_RES_EXCEEDED_MAX_SIZE/, false],
    ['a cut connection', 'cut', /the peer: /, false],
  ];
  for (const [what, reply, message, untouched] of strange) {
    test(`${what} is no answer`, async (t) => {
      const { answer } = await ask(t, reply);
      await assert.rejects(answer, (error) => {
        assert.ok(error instanceof UnavailableError);
        assert.match(error.message, message);
        assert.equal(error.untouched, untouched);
        return true;
      });
    });
  }

  test('a redirect is no answer, and is not followed', async (t) => {
    const other = await startFakePeer(t, () => ({}));
    const { answer } = await ask(t, { status: 307, headers: { location: other.url } });
    await assert.rejects(answer, /answered 307/);
    assert.equal(other.calls.length, 0);
  });

  test('silence ends at the deadline', async (t) => {
    const { answer } = await ask(t, 'hang', { deadlineMs: 50 });
    await assert.rejects(answer, /did not answer within 50 ms/);
  });

  test('a request that never left has certainly done nothing', async (t) => {
    const peer = new HttpPeer('http://127.0.0.1:1', { name: 'nobody' });
    t.after(() => peer.close());
    await assert.rejects(peer.request(REQUEST, signal), (error) => {
      assert.ok(error instanceof UnavailableError && error.untouched);
      assert.match(error.message, /ECONNREFUSED/);
      return true;
    });
  });

  test('a stop ends a request without blaming the peer', async (t) => {
    const fake = await startFakePeer(t, () => 'hang');
    const peer = new HttpPeer(fake.url, { name: 'the peer' });
    t.after(() => peer.close());
    const stop = new AbortController();
    const answer = peer.request(REQUEST, stop.signal);
    stop.abort();
    await assert.rejects(
      answer,
      (error) => error instanceof OutcomeUnknownError && !(error instanceof UnavailableError),
    );
  });
});
