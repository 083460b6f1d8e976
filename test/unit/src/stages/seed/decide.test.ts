import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decide } from '../../../../../src/stages/seed/decide.ts';
import { catalogueSettings, orderSettings, type SeedRequest } from '../../../../../src/stages/seed/options.ts';
import type { DatabaseState } from '../../../../../src/stages/seed/state.ts';

const EMPTY: DatabaseState = { runs: {}, hasProducts: false, hasOrders: false, hasCustomers: false };
const ask = (request: Partial<SeedRequest> = {}): SeedRequest => ({ reset: false, yes: false, ...request });

const ranWith = (request: SeedRequest, isFinished = true): DatabaseState => ({
  runs: {
    catalogue: { settings: { ...catalogueSettings(request) }, until: 0, isFinished: true },
    history: { settings: { ...orderSettings(request), timeZone: 'UTC', currency: 'USD' }, until: 0, isFinished },
  },
  hasProducts: true,
  hasOrders: true,
  hasCustomers: true,
});

const decisions = (request: SeedRequest, state: DatabaseState) => {
  const { catalogue, history } = decide(request, state);
  return [catalogue, history];
};

suite('what a seed has to do', () => {
  test('everything, in an empty database', () => {
    assert.deepEqual(decisions(ask(), EMPTY), ['generate', 'start']);
    assert.deepEqual(decisions(ask({ orders: 0 }), EMPTY), ['generate', 'none']);
    assert.deepEqual(decisions(ask({ orders: 0, customers: 5 }), EMPTY), ['generate', 'start']);
  });

  test('nothing, the second time', () => {
    assert.deepEqual(decisions(ask(), ranWith(ask())), ['keep', 'keep']);
  });

  test('the rest of a history that was cut off', () => {
    assert.deepEqual(decisions(ask(), ranWith(ask(), false)), ['keep', 'resume']);
  });

  test('the history only, where the catalogue is there', () => {
    const { catalogue } = ranWith(ask()).runs;
    const state = { ...EMPTY, runs: { catalogue: catalogue! }, hasProducts: true };
    assert.deepEqual(decisions(ask(), state), ['keep', 'start']);
  });

  test('a file takes the place of the invented catalogue, and brings no history unless asked', () => {
    assert.deepEqual(decisions(ask({ catalogueFile: 'f.csv' }), EMPTY), ['import', 'none']);
    assert.deepEqual(decisions(ask({ catalogueFile: 'f.csv', orders: 10 }), EMPTY), ['import', 'start']);
    assert.deepEqual(decisions(ask({ catalogueFile: 'f.csv' }), ranWith(ask())), ['import', 'none']);
  });

  test('other values are refused, naming what differs', () => {
    assert.throws(() => decide(ask({ orders: 30_000, customers: 7_059 }), ranWith(ask())), {
      code: 'refused',
      why: 'there: orders 20,000; asked for: orders 30,000',
    });
    assert.throws(() => decide(ask({ products: 10 }), ranWith(ask())), {
      code: 'refused',
      why: 'there: products 200; asked for: products 10',
    });
    assert.throws(() => decide(ask({ seed: 1 }), ranWith(ask(), false)), { code: 'refused' });
  });

  test('orders, customers or a catalogue that came from elsewhere are left alone', () => {
    const elsewhere = (state: Partial<DatabaseState>, request = ask({ catalogueFile: 'f.csv', orders: 10 })) =>
      assert.throws(
        () => decide(request, { ...EMPTY, ...state }),
        ({ code, next }) => code === 'refused' && next.some((step: string) => step.includes('--reset')),
      );
    elsewhere({ hasOrders: true });
    elsewhere({ hasCustomers: true });
    elsewhere({ hasProducts: true }, ask());
  });
});
