import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Channel, ChannelError, type OutgoingMessage } from '../../../apps/notifier/channels/channel.ts';
import { MaildirChannel } from '../../../apps/notifier/channels/maildir.ts';
import { SmtpChannel } from '../../../apps/notifier/channels/smtp.ts';
import { MESSAGE_ID_HEADER, WebhookChannel } from '../../../apps/notifier/channels/webhook.ts';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import { type PeerReply, startFakePeer } from '../../helpers/fake-peer.ts';
import { MAIL } from '../../helpers/messages.ts';
import {
  insertReturn,
  mailsIn,
  type NotifierDatabase,
  startNotifierDatabase,
  startTestNotifier,
} from '../../helpers/notifier.ts';
import { startSmtpReceiver } from '../../helpers/smtp-receiver.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const MAIN = fileURLToPath(new URL('../../../apps/notifier/main.ts', import.meta.url));
const SECRET = 'a-secret-of-the-tests';
const STATES = `SELECT message_key AS k, due_at IS NULL AS done, tries, sent_to, last_error AS error, claim
  FROM notifications ORDER BY order_seq, message_key`;

const untilNothingWaits = ({ rows }: NotifierDatabase) =>
  until(
    'every message is done',
    async () => (await rows('SELECT 1 FROM notifications WHERE due_at IS NOT NULL')).length === 0,
  );

/** A channel that keeps what it is given. */
function memoryChannel(send: (message: OutgoingMessage) => void = () => {}): Channel & { ids: string[] } {
  const ids: string[] = [];
  return {
    ids,
    name: 'memory',
    takes: () => true,
    async send(message) {
      ids.push(`${message.orderId}/${message.key}`);
      send(message);
    },
    async close() {},
  };
}

/** The notifier in a process of its own. */
function spawnNotifier(t: TestContext, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [MAIN], { env, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

suite('messages to customers', () => {
  test('go out once on every channel, with what is known of the order', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    await store.notify(order, 'status-3', 'order_confirmed');
    await store.notify(order, 'refund-1', 'refunded');
    await store.notify(order, 'return-1-received', 'return_received');
    const refund = { order_seq: order.seq, refund_no: 1, amount_minor: 750, reason: 'return', status: 'refunded' };
    await store.pool.query('INSERT INTO refunds SET ?', { ...refund, created_at: new Date() });
    await insertReturn(store.pool, order, '0a1b2c3d-4e5f-8a6b-9c7d-0e1f2a3b4c5d', 'http://x');
    const folder = tempFolder(t);
    const smtp = await startSmtpReceiver(t);
    const hook = await startFakePeer(t, () => ({ status: 204, text: '' }));
    const channels = [
      new MaildirChannel(folder, MAIL),
      new SmtpChannel(smtp.url, MAIL),
      new WebhookChannel(hook.url, SECRET),
    ];
    await startTestNotifier(t, store, { channels, links: { order: 'https://shop.test/{order}' } });
    await untilNothingWaits(store);

    const done = { done: 1, tries: 1, sent_to: 'maildir,smtp,webhook', error: null, claim: null };
    assert.deepEqual(await store.rows(STATES), [
      { k: 'refund-1', ...done },
      { k: 'return-1-received', ...done },
      { k: 'status-3', ...done },
    ]);
    const files = mailsIn(folder);
    assert.equal(files.length, 3);
    const [refunded, received, confirmed] = files.map((file) => readFileSync(join(folder, 'new', file), 'utf8'));
    assert.match(confirmed ?? '', /To: c-1@customers\.test\r\n/);
    assert.match(confirmed ?? '', new RegExp(`https://shop\\.test/${order.orderId.slice(0, 20)}`));
    for (const mail of [refunded, received]) assert.match(mail ?? '', /=E2=82=AC7\.50/);
    assert.equal(smtp.mails.length, 3);
    assert.equal(new Set(hook.calls.map(({ headers }) => headers[MESSAGE_ID_HEADER])).size, 3);
  });

  test('a parcel on its way is named, one that waits is not', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    const parcel = { order_seq: order.seq, status: 'picked_up', carrier: 'swiftpost', cost_minor: 1, label_tries: 1 };
    const shipped = { parcel_no: 1, tracking_no: 'SP1', shipped_at: new Date() };
    await store.pool.query('INSERT INTO shipments SET ?', { ...parcel, ...shipped });
    await store.pool.query('INSERT INTO shipments SET ?', { ...parcel, parcel_no: 2, tracking_no: 'SP2' });
    await store.notify(order, 'status-5', 'order_shipped');
    let text = '';
    const channel = memoryChannel((message) => {
      text = message.text;
    });
    await startTestNotifier(t, store, { channels: [channel] });
    await untilNothingWaits(store);
    assert.match(text, /Where it is:\nswiftpost SP1\n/);
    assert.doesNotMatch(text, /SP2/);
  });

  test('notifiers side by side never take the same message', async (t) => {
    const store = await startNotifierDatabase(t);
    const orders = await Promise.all(Array.from({ length: 20 }, () => store.newOrder()));
    const keys = Array.from({ length: 30 }, (_, version) => `status-${version}`);
    const rows = orders.flatMap(({ seq }) => keys.map((key) => [seq, key, 'order_received', new Date(), new Date(0)]));
    await store.pool.query(
      'INSERT INTO notifications (order_seq, message_key, template, created_at, due_at) VALUES ?',
      [rows],
    );
    const channel = memoryChannel();
    // Small pages, so that they meet.
    const options = { channels: [channel], messagesPerSecond: 100 };
    await Promise.all([1, 2, 3].map(() => startTestNotifier(t, store, options)));
    await untilNothingWaits(store);
    assert.equal(channel.ids.length, rows.length);
    assert.equal(new Set(channel.ids).size, rows.length);
  });

  test('a message of a kind that this version does not know holds nobody up', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    await store.notify(order, 'status-1', 'from_the_future');
    await store.notify(order, 'status-2', 'order_confirmed');
    const channel = memoryChannel();
    await startTestNotifier(t, store, { channels: [channel] });
    await untilNothingWaits(store);
    assert.deepEqual(channel.ids, [`${order.orderId}/status-2`]);
    assert.ok((await store.rows(STATES))[0]?.error);
  });

  test('what a simulation has made up stays out of the mail', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    await store.pool.query('UPDATE orders SET synthetic = 1');
    await store.notify(order, 'status-3', 'order_confirmed');
    const smtp = await startSmtpReceiver(t);
    const folder = tempFolder(t);
    await startTestNotifier(t, store, {
      channels: [new SmtpChannel(smtp.url, MAIL), new MaildirChannel(folder, MAIL)],
    });
    await untilNothingWaits(store);
    assert.equal((await store.rows(STATES))[0]?.sent_to, 'maildir');
    assert.deepEqual([smtp.mails.length, mailsIn(folder).length], [0, 1]);
  });
});

suite('messages that do not get through', () => {
  test('are tried again later, only where they have not arrived', async (t) => {
    const store = await startNotifierDatabase(t);
    await store.notify(await store.newOrder(), 'status-3', 'order_confirmed');
    let reply: PeerReply = { status: 500 };
    const hook = await startFakePeer(t, () => reply);
    const memory = memoryChannel();
    await startTestNotifier(t, store, { channels: [memory, new WebhookChannel(hook.url, SECRET)] });
    const [waiting] = await until('the first try is recorded', async () => {
      const found = await store.rows(STATES);
      return found[0]?.tries === 1 ? found : undefined;
    });
    assert.deepEqual([waiting?.done, waiting?.sent_to], [0, 'memory']);
    assert.equal(waiting?.error, 'webhook: the webhook answered 500');
    const [due] = await store.rows('SELECT due_at > UTC_TIMESTAMP() AS later FROM notifications');
    assert.equal(due?.later, 1);

    reply = { status: 200 };
    await store.pool.query('UPDATE notifications SET due_at = ?', [new Date(0)]);
    await untilNothingWaits(store);
    const [sent] = await store.rows(STATES);
    assert.deepEqual([sent?.tries, sent?.sent_to, sent?.error], [2, 'memory,webhook', null]);
    assert.equal(memory.ids.length, 1);
  });

  test('are given up after the last try, with the reason', async (t) => {
    const store = await startNotifierDatabase(t);
    await store.notify(await store.newOrder(), 'status-3', 'order_confirmed');
    await store.pool.query('UPDATE notifications SET tries = 11');
    const hook = await startFakePeer(t, () => ({ status: 410 }));
    await startTestNotifier(t, store, { channels: [new WebhookChannel(hook.url, SECRET)] });
    await untilNothingWaits(store);
    const [state] = await store.rows(STATES);
    assert.deepEqual([state?.sent_to, state?.error], ['-webhook', 'webhook: the webhook answered 410']);
  });

  test('while a channel is away it is left alone, and the others go on', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    for (let version = 1; version <= 60; version++) await store.notify(order, `status-${version}`, 'order_received');
    let calls = 0;
    const away: Channel = {
      ...memoryChannel(),
      name: 'away',
      send: async () => {
        calls += 1;
        throw new ChannelError('away', 'nobody there');
      },
    };
    const memory = memoryChannel();
    await startTestNotifier(t, store, { channels: [away, memory] });
    await until('the others have it', () => memory.ids.length === 60);
    await until('all are put off', async () => {
      const put = await store.rows('SELECT 1 FROM notifications WHERE claim IS NULL AND due_at > UTC_TIMESTAMP()');
      return put.length === 60;
    });
    // No more than were under way at once when it turned out.
    assert.ok(calls <= 20, `${calls} calls`);
  });
});

suite('a notifier that is killed', () => {
  test('between sending and saying so: mail is there once, the webhook hears the same name again', async (t) => {
    const store = await startNotifierDatabase(t);
    const order = await store.newOrder();
    const keys = ['status-1', 'status-2', 'status-3'];
    for (const key of keys) await store.notify(order, key, 'order_received');
    const folder = tempFolder(t);
    let victim: ChildProcess | undefined;
    // Mail goes before the webhook: all of it is in its folder when the last call comes.
    const hook = await startFakePeer(t, () => {
      if (!victim) return { status: 204, text: '' };
      if (hook.calls.length === keys.length) victim.kill('SIGKILL');
      return 'hang';
    });
    const env = {
      OMS_DATABASE_URL: store.database.appUrl,
      OMS_MAILDIR: folder,
      OMS_NOTIFY_WEBHOOK_URL: hook.url,
      OMS_NOTIFY_WEBHOOK_SECRET: SECRET,
      OMS_LOG_LEVEL: 'silent',
    };
    victim = spawnNotifier(t, env);
    await once(victim, 'exit');
    victim = undefined;
    assert.equal(mailsIn(folder).length, keys.length);
    const leased = await store.rows('SELECT due_at > UTC_TIMESTAMP() AS later FROM notifications');
    assert.deepEqual(
      leased.map(({ later }) => later),
      [1, 1, 1],
    );

    // The lease of a dead process ends by itself; here it is ended by hand.
    await store.pool.query('UPDATE notifications SET due_at = ?', [new Date(0)]);
    const heir = spawnNotifier(t, env);
    await untilNothingWaits(store);
    heir.kill('SIGTERM');
    assert.deepEqual(await once(heir, 'exit'), [0, null]);
    assert.equal(mailsIn(folder).length, keys.length);
    const ids = hook.calls.map(({ headers }) => String(headers[MESSAGE_ID_HEADER])).sort();
    assert.deepEqual(
      ids,
      keys.flatMap((key) => [`${order.orderId}/${key}`, `${order.orderId}/${key}`]),
    );
  });
});

test('an order that is gone from the database is no reason to fail', async (t) => {
  const store = await startNotifierDatabase(t);
  const order = await store.newOrder();
  await store.notify(order, 'status-3', 'order_confirmed');
  await store.pool.query('DELETE FROM orders WHERE order_id = ?', [uuidToBytes(order.orderId)]);
  const kept = await store.newOrder();
  await store.notify(kept, 'status-3', 'order_confirmed');
  const memory = memoryChannel();
  await startTestNotifier(t, store, { channels: [memory] });
  await until('the other message is sent', () => memory.ids.length === 1);
  assert.deepEqual(memory.ids, [`${kept.orderId}/status-3`]);
});
