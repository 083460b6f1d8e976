import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { VelocityWindow } from '../../../../../src/stages/fraud/velocity-window.ts';
import { NO_VELOCITY, orderWith, REGULAR } from '../../../../helpers/risk.ts';

suite('VelocityWindow', () => {
  test('counts what earlier orders have in common with this one, the order itself not', () => {
    const window = new VelocityWindow({ ordersAnHour: 10, ordersUnderWay: 0 });
    assert.deepEqual(window.next(orderWith(REGULAR)), NO_VELOCITY);
    const moved = orderWith({ ...REGULAR, address_hash: '4444444444444444' }, { customer_ref: 'c-2' });
    assert.deepEqual(window.next(moved), { customer: 0, ip: 1, device: 1, address: 0 });
    assert.deepEqual(window.next(orderWith(REGULAR)), { customer: 1, ip: 2, device: 2, address: 1 });
  });

  test('orders under way are not counted yet, old ones no more', () => {
    const window = new VelocityWindow({ ordersAnHour: 3, ordersUnderWay: 1 });
    const seen = Array.from({ length: 7 }, () => window.next(orderWith(REGULAR)).customer);
    assert.deepEqual(seen, [0, 0, 1, 2, 2, 2, 2]);
  });

  test('what an order does not tell is not counted', () => {
    const window = new VelocityWindow({ ordersAnHour: 10, ordersUnderWay: 0 });
    window.next(orderWith(undefined));
    assert.deepEqual(window.next(orderWith(undefined)), { ...NO_VELOCITY, customer: 1 });
  });
});
