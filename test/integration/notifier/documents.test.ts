import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { invoiceNumber } from '../../../apps/notifier/documents/invoice.ts';
import { startBlobStorage } from '../../helpers/blob-storage.ts';
import { type PeerReply, startFakePeer } from '../../helpers/fake-peer.ts';
import {
  insertReturn,
  type NotifierDatabase,
  startNotifierDatabase,
  startTestNotifier,
} from '../../helpers/notifier.ts';
import { pdfText } from '../../helpers/pdf-text.ts';
import { until } from '../../helpers/until.ts';

const RETURN_ID = '0a1b2c3d-4e5f-8a6b-9c7d-0e1f2a3b4c5d';
const DOCUMENTS = `SELECT kind, due_at IS NULL AS done, tries, blob_key AS path, bytes, HEX(sha256) AS sha, last_error AS error
  FROM documents ORDER BY order_seq, kind`;

interface Carrier {
  url: string;
  reply: PeerReply;
}

/** A database, a blob service and a carrier that has labels. */
async function startPapers(t: TestContext) {
  const [store, blobAccount] = await Promise.all([startNotifierDatabase(t), startBlobStorage(t)]);
  const carrier: Carrier = { url: '', reply: { text: '%PDF-1.3 a label' } };
  carrier.url = (await startFakePeer(t, () => carrier.reply)).url;
  const service = BlobServiceClient.fromConnectionString(blobAccount);
  const seller = { name: 'Books & More', address: ['Berlin'], taxId: '' };
  const documents = { blobAccount, labelOrigins: [carrier.url], seller, perSecond: 100 };
  return {
    store,
    carrier,
    start: () => startTestNotifier(t, store, { documents }),
    /** By the key that is recorded: container and name. */
    blob(key: string) {
      const [container, ...name] = key.split('/');
      return service.getContainerClient(container!).getBlockBlobClient(name.join('/'));
    },
  };
}

const untilMade = ({ rows }: NotifierDatabase) =>
  until('every document is made', async () => {
    const found = await rows(DOCUMENTS);
    return found.every(({ done }) => done === 1) ? found : undefined;
  });

suite('documents', () => {
  test('invoice, credit note and both labels are kept where their rows say', async (t) => {
    const { store, carrier, start, blob } = await startPapers(t);
    const order = await store.newOrder();
    for (const kind of ['invoice', 'credit_note', 'label', 'return_label']) await store.request(order, kind);
    const refund = { order_seq: order.seq, refund_no: 1, amount_minor: 750, reason: 'goodwill', status: 'refunded' };
    await store.pool.query('INSERT INTO refunds SET ?', { ...refund, created_at: new Date() });
    const parcel = { order_seq: order.seq, parcel_no: 1, status: 'ready', carrier: 'swiftpost', cost_minor: 1 };
    await store.pool.query('INSERT INTO shipments SET ?', { ...parcel, label_url: `${carrier.url}/labels/1` });
    await insertReturn(store.pool, order, RETURN_ID, `${carrier.url}/labels/2`);
    await start();
    const made = await untilMade(store);

    const folder = `2026/11/${order.orderId}`;
    assert.deepEqual(
      made.map(({ kind, path, tries, error }) => [kind, path, tries, error]),
      [
        ['credit_note', `invoices/${folder}/credit_note-1.pdf`, 1, null],
        ['invoice', `invoices/${folder}/invoice-1.pdf`, 1, null],
        ['label', `labels/${folder}/label-1.pdf`, 1, null],
        ['return_label', `labels/${folder}/return_label-1.pdf`, 1, null],
      ],
    );
    const contents = await Promise.all(made.map((row) => blob(row.path).downloadToBuffer()));
    made.forEach((row, index) => {
      assert.equal(row.bytes, contents[index]!.length);
      assert.equal(row.sha, hash('sha256', contents[index]!, 'hex').toUpperCase());
    });
    const [note, invoice, label] = contents;
    assert.match(pdfText(invoice!), /^Paid by: card, visa \*{4}1111$/m);
    assert.match(pdfText(invoice!), /^Grüße aus \?ódz$/m);
    assert.match(pdfText(invoice!), /^Total\nEUR 31\.99$/m);
    assert.match(pdfText(note!), new RegExp(`^For invoice: ${invoiceNumber(order.orderId, 1)}$`, 'm'));
    assert.match(pdfText(note!), /^Refunded\nEUR 7\.50$/m);
    assert.equal(label?.toString(), '%PDF-1.3 a label');
    assert.equal((await blob(made[1]!.path).getProperties()).contentType, 'application/pdf');
  });

  test('made again after a crash, they find their own and leave it as it is', async (t) => {
    const { store, carrier, start, blob } = await startPapers(t);
    const order = await store.newOrder();
    await store.request(order, 'label');
    const parcel = { order_seq: order.seq, parcel_no: 1, status: 'ready', carrier: 'swiftpost', cost_minor: 1 };
    await store.pool.query('INSERT INTO shipments SET ?', { ...parcel, label_url: `${carrier.url}/labels/1` });
    await start();
    const [first] = await untilMade(store);
    carrier.reply = { text: '%PDF-1.3 the same label, made later' };
    await store.pool.query('UPDATE documents SET due_at = ?, blob_key = NULL, bytes = NULL, sha256 = NULL', [
      new Date(0),
    ]);
    const [second] = await untilMade(store);
    assert.deepEqual(second, { ...first, tries: 2 });
    assert.equal((await blob(first!.path).downloadToBuffer()).toString(), '%PDF-1.3 a label');
  });

  test('a label that cannot be had is tried again, and holds up no other', async (t) => {
    const { store, start } = await startPapers(t);
    const order = await store.newOrder();
    await store.request(order, 'return_label');
    await store.request(order, 'label', 7);
    await store.request(await store.newOrder(), 'invoice');
    await start();
    const [label, returnLabel, invoice] = await until('each was tried', async () => {
      const found = await store.rows(DOCUMENTS);
      return found.every(({ tries }) => tries === 1) ? found : undefined;
    });
    for (const row of [label, returnLabel]) {
      assert.deepEqual([row?.done, row?.error], [0, 'the carrier has not said where the label is']);
    }
    assert.deepEqual([invoice?.kind, invoice?.done], ['invoice', 1]);
  });

  test('what fails for the twelfth time is given up, with the reason', async (t) => {
    const { store, start } = await startPapers(t);
    await store.request(await store.newOrder(), 'credit_note');
    await store.pool.query('UPDATE documents SET tries = 11');
    await start();
    const [given] = await untilMade(store);
    assert.deepEqual([given?.path, given?.error], [null, 'there is no refund 1']);
  });
});
