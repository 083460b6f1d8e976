import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { PARCEL_FATES } from '../../../lib/domain/fields.ts';
import { startHookReceiver } from '../../helpers/hook-receiver.ts';
import { SandboxOrder, startTestSandbox } from '../../helpers/sandbox.ts';

const FAST = 1_000_000;

suite('the stand-in carriers', () => {
  test('a label: tracking number, price, promise, and a page to print', async (t) => {
    const sandbox = await startTestSandbox(t);
    const [swift, other] = [
      await new SandboxOrder(sandbox).label('swiftpost'),
      await new SandboxOrder(sandbox).label('anyone'),
    ];
    assert.equal(swift.status, 'created');
    assert.match(swift.tracking_no!, /^SP[0-9A-F]{18}$/);
    assert.equal(swift.cost_minor, 520);
    const inDays = (Date.parse(swift.promised_at!) - Date.now()) / 86_400_000;
    assert.ok(inDays > 2.9 && inDays <= 3);
    const page = await fetch(swift.label_url!);
    assert.equal(page.headers.get('content-type'), 'application/pdf');
    assert.match(Buffer.from(await page.arrayBuffer()).toString('latin1'), /^%PDF-/);
    assert.notEqual(other.tracking_no, swift.tracking_no);
    assert.equal((await fetch(other.label_url!.replace('anyone', 'swiftpost'))).status, 404);
  });

  for (const fate of PARCEL_FATES) {
    test(`after the pick-up the shop is told of every scan, in order: ${fate}`, async (t) => {
      const shop = await startHookReceiver(t);
      const sandbox = await startTestSandbox(t, { hooksUrl: shop.url });
      const order = new SandboxOrder(sandbox, { time_scale: FAST, parcel: fate });
      const { tracking_no } = await order.label();
      assert.equal((await order.parcel('pickup', tracking_no!)).status, 200);
      const expected = {
        delivered: ['picked_up', 'in_transit', 'out_for_delivery', 'delivered'],
        failed_once: [
          ...['picked_up', 'in_transit', 'out_for_delivery', 'delivery_failed', 'out_for_delivery', 'delivered'],
        ],
        lost: ['picked_up', 'in_transit', 'lost'],
        returned_to_sender: [
          ...['picked_up', 'in_transit', 'out_for_delivery', 'delivery_failed'],
          ...['out_for_delivery', 'delivery_failed', 'returned_to_sender'],
        ],
      }[fate];
      const facts = await shop.untilFacts(order.id, expected.length);
      assert.deepEqual(
        facts.map(({ type }) => type),
        expected.map((scan) => `oms.shipment.${scan}.v1`),
      );
      assert.deepEqual(shop.faults, []);
    });
  }

  test('returned goods are on their way and arrive, without anyone fetching them', async (t) => {
    const shop = await startHookReceiver(t);
    const sandbox = await startTestSandbox(t, { hooksUrl: shop.url });
    const order = new SandboxOrder(sandbox, { time_scale: FAST });
    const returnId = randomUUID();
    assert.equal((await order.returnLabel(returnId)).status, 'created');
    const facts = await shop.untilFacts(order.id, 2);
    assert.deepEqual(shop.faults, []);
    assert.deepEqual(
      facts.map(({ type, data }) => [type, (data as { return_id: string }).return_id]),
      [
        ['oms.return.in_transit.v1', returnId],
        ['oms.return.received.v1', returnId],
      ],
    );
  });

  test('a voided label is never picked up; what is handed over cannot be voided; fetched twice it goes once', async (t) => {
    const shop = await startHookReceiver(t);
    const sandbox = await startTestSandbox(t, { hooksUrl: shop.url });
    const [voided, gone] = [new SandboxOrder(sandbox), new SandboxOrder(sandbox, { time_scale: FAST })];
    const [first, second] = [(await voided.label()).tracking_no!, (await gone.label()).tracking_no!];
    const statuses = [await voided.parcel('void', first), await voided.parcel('pickup', first)];
    statuses.push(await gone.parcel('pickup', second), await gone.parcel('pickup', second));
    statuses.push(await gone.parcel('void', second), await gone.parcel('void', 'SP0'));
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 409, 200, 200, 409, 404],
    );
    await shop.untilFacts(gone.id, 4);
    assert.equal(shop.facts.length, 4);
  });
});
