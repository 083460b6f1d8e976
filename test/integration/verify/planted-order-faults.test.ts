import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import { Books, type Fault, plantAndVerify, violations } from '../../helpers/books.ts';
import { bookEntry, showBook } from '../../helpers/provider-book.ts';
import type { StoredOrder } from '../../helpers/stored-orders.ts';
import { pay, ship, TO_DELIVERED, walk } from '../../helpers/whole-orders.ts';

const hex = ({ orderId }: StoredOrder) => `order ${orderId.replaceAll('-', '')}`;
const agoSql = (seconds: number) => new Date(Date.now() - seconds * 1_000);

const set = (books: Books, table: string, values: Record<string, unknown>, order: StoredOrder) =>
  books.sql(`UPDATE ${table} SET ? WHERE order_seq = ?`, [values, order.seq]);

const reservedAgain = ({ orders }: Books) => orders[0]!;
const completed = ({ orders }: Books) => orders[4]!;
const cancelled = ({ orders }: Books) => orders[5]!;

const waiting = (kind: string, due_at: Date | null, order: StoredOrder) => ({
  order_seq: order.seq,
  kind,
  op_no: 1,
  partition_id: 3,
  due_at,
  tries: 4,
  last_error: 'no answer in 5 s',
  request: '{}',
  created_at: new Date(),
});

const PATH_FAULTS: Fault[] = [
  {
    fault: 'an order waits longer than it may',
    plant: (books) => set(books, 'orders', { due_at: agoSql(90) }, reservedAgain(books)),
    noticed: (books) => ({ P4: new RegExp(`^${hex(reservedAgain(books))}: reserved, its time was up at \\d{4}-`) }),
  },
  {
    fault: 'an order has no time when its waiting ends',
    plant: (books) => set(books, 'orders', { due_at: null }, reservedAgain(books)),
    noticed: (books) => ({ P4: `${hex(reservedAgain(books))}: reserved, with no time when it is up` }),
  },
  {
    fault: 'a return is waited for longer than it may take',
    plant: (books) =>
      books.sql('INSERT INTO returns SET ?', [
        {
          order_seq: completed(books).seq,
          return_no: 1,
          return_id: Buffer.alloc(16, 7),
          reason: 'quality',
          status: 'approved',
          requested_at: agoSql(900),
          due_at: agoSql(120),
        },
      ]),
    noticed: () => ({ P4: /^return 0707.*: approved, its time was up at / }),
  },
  {
    fault: 'an order that is over goes on',
    plant: (books) => walk(books.pool, completed(books), [['order.amended', 'reserved']]),
    // What follows from it is noticed as well: a reserved order has to hold its stock, and its books are not closed.
    noticed: (books) => ({
      P5: `order_seq ${completed(books).seq}: version 8 from completed to reserved by order.amended`,
    }),
  },
];

const STOCK_FAULTS: Fault[] = [
  {
    fault: 'more was sold than was supplied',
    async plant(books) {
      await books.sql("UPDATE stock_moves SET quantity = -1000001 WHERE reason = 'sold' AND product_id = 2");
      await books.sql('UPDATE stock SET on_hand = -1, reserved = 0 WHERE product_id = 2');
    },
    noticed: () => ({
      S1: 'product 2 in East: reserved 0 of -1',
      S2: /^product 2 in East: reserved 0, orders hold/,
      S4: 'product 2 in East: sold 1000001 of 1000000',
    }),
  },
  {
    fault: 'goods were handed over that never left the stock',
    async plant(books) {
      await books.sql("DELETE FROM stock_moves WHERE reason = 'sold' AND product_id = 1");
      await books.sql('UPDATE stock SET on_hand = on_hand + 2 WHERE product_id = 1');
    },
    noticed: () => ({ S4: 'product 1 in East: 2 handed over, 0 left the stock' }),
  },
  {
    fault: 'a carrier was handed more than the order gave up',
    plant: (books) =>
      books.sql('UPDATE order_items SET shipped_quantity = 1 WHERE order_seq = ? AND line_no = 1', [
        completed(books).seq,
      ]),
    noticed: (books) => ({ S7: `${hex(completed(books))}: handed over 2, committed 3` }),
  },
  {
    fault: 'a delivered order never had its stock',
    async plant(books) {
      const order = reservedAgain(books);
      await walk(books.pool, order, TO_DELIVERED);
      await pay(books.pool, order);
      await ship(books.pool, order);
      await books.sql("UPDATE reservations SET state = 'released' WHERE order_seq = ?", [order.seq]);
      await books.sql('UPDATE order_items SET shipped_quantity = 0 WHERE order_seq = ?', [order.seq]);
    },
    noticed: (books) => ({ S6: `${hex(reservedAgain(books))}: asks for 3, holds 0` }),
  },
];

const MONEY_FAULTS: Fault[] = [
  {
    fault: 'more was refunded than was captured',
    async plant(books) {
      const { seq, totalMinor } = cancelled(books);
      const more = { refund_wanted_minor: totalMinor + 1, refunded_minor: totalMinor + 1 };
      await set(books, 'payments', more, cancelled(books));
      await books.sql('UPDATE refunds SET amount_minor = amount_minor + 1 WHERE order_seq = ?', [seq]);
      await books.sql(
        "UPDATE ledger_entries SET debit_minor = debit_minor + 1 WHERE order_seq = ? AND account = 'refunds'",
        [seq],
      );
      await books.sql(
        "UPDATE ledger_entries SET credit_minor = credit_minor + 1 WHERE order_seq = ? AND account = 'provider' AND credit_minor > 0",
        [seq],
      );
    },
    noticed: (books) => ({
      M2: /^payment 1 of order_seq \d+: refunded, authorised /,
      M3: `${hex(cancelled(books))}: cancelled, kept -1, due 0`,
    }),
  },
  {
    fault: 'the state of a payment is not that of its amounts',
    plant: (books) => set(books, 'payments', { status: 'partially_refunded' }, completed(books)),
    noticed: () => ({ M2: /^payment 1 of order_seq \d+: partially_refunded, .* refunded 0$/ }),
  },
  {
    fault: 'a refund is not counted',
    plant: (books) => set(books, 'refunds', { amount_minor: 1 }, cancelled(books)),
    noticed: () => ({ M2: /; its refunds say 1 and 1$/ }),
  },
  {
    fault: 'a cancelled order was paid and not refunded',
    async plant(books) {
      const order = cancelled(books);
      for (const table of ['payments', 'refunds', 'ledger_entries']) {
        await books.sql(`DELETE FROM ${table} WHERE order_seq = ?`, [order.seq]);
      }
      await pay(books.pool, order);
    },
    noticed: (books) => ({
      M3: `${hex(cancelled(books))}: cancelled, kept ${cancelled(books).totalMinor}, due 0`,
    }),
  },
  {
    fault: 'units came back and were not refunded',
    plant: (books) =>
      books.sql('UPDATE order_items SET returned_quantity = 1 WHERE order_seq = ? AND line_no = 1', [
        completed(books).seq,
      ]),
    noticed: (books) => ({ M3: new RegExp(`^${hex(completed(books))}: completed, kept \\d+, due \\d+$`) }),
  },
  {
    fault: 'an order is over and its payment is still authorised',
    plant: (books) =>
      books.sql('INSERT INTO payments SET ?', [
        {
          order_seq: completed(books).seq,
          attempt: 2,
          method: 'card',
          status: 'authorized',
          amount_minor: 5,
          authorized_minor: 5,
          created_at: new Date(),
        },
      ]),
    noticed: (books) => ({ M4: `${hex(completed(books))}: completed, payment 2 is authorized` }),
  },
  {
    fault: 'a booking has one side only',
    plant: (books) =>
      books.sql("DELETE FROM ledger_entries WHERE order_seq = ? AND account = 'provider'", [completed(books).seq]),
    noticed: (books) => ({
      M5: new RegExp(
        `^${completed(books).orderId}:capture:1 of order_seq \\d+: debit 0, credit ${completed(books).totalMinor}$`,
      ),
    }),
  },
  {
    fault: 'the ledger knows nothing of a capture',
    plant: (books) => books.sql('DELETE FROM ledger_entries WHERE order_seq = ?', [completed(books).seq]),
    noticed: (books) => ({
      M5: `${hex(completed(books))}: booked 0 and 0, payments say ${completed(books).totalMinor} and 0`,
      M7: /nothing captured$/,
    }),
  },
  {
    fault: 'a parcel left before it was paid for',
    plant: (books) => set(books, 'ledger_entries', { booked_at: agoSql(1) }, completed(books)),
    noticed: (books) => ({
      M7: new RegExp(`^parcel 1 of order_seq ${completed(books).seq}: delivered, handed over at .*, captured at `),
    }),
  },
];

const MESSAGE_FAULTS: Fault[] = [
  {
    fault: 'the customer was not told of a step',
    plant: (books) =>
      books.sql("DELETE FROM notifications WHERE order_seq = ? AND template = 'order_shipped'", [completed(books).seq]),
    noticed: (books) => ({ N1: `order_seq ${completed(books).seq}: shipped, message missing` }),
  },
  {
    fault: 'the customer was told something else',
    plant: (books) =>
      books.sql(
        "UPDATE notifications SET template = 'cancelled_fraud' WHERE order_seq = ? AND message_key = 'status-5'",
        [cancelled(books).seq],
      ),
    noticed: (books) => ({ N1: `order_seq ${cancelled(books).seq}: cancelled (customer), message cancelled_fraud` }),
  },
  {
    fault: 'the customer was told of a step that never was',
    plant: (books) =>
      books.sql('INSERT INTO notifications SET ?', [
        { order_seq: completed(books).seq, message_key: 'status-9', template: 'refunded', created_at: new Date() },
      ]),
    noticed: (books) => ({ N1: `order_seq ${completed(books).seq}: status-9 is about no step` }),
  },
  {
    fault: 'an event still waits',
    plant: (books) =>
      books.sql('INSERT INTO parked_events SET ?', [
        {
          hub_created_at: new Date(),
          partition_id: 3,
          sequence_number: 41,
          order_id: uuidToBytes(completed(books).orderId),
          reason: 'early',
          detail: 'no parcel 2 yet',
          body: '{}',
          parked_at: new Date(),
        },
      ]),
    noticed: (books) => ({
      N3: new RegExp(`^event 41 of partition 3: of ${hex(completed(books))} waits since .*, early: no parcel 2 yet$`),
    }),
  },
  {
    fault: 'a dead letter was resolved, nobody knows how',
    plant: (books) =>
      books.sql('INSERT INTO dead_letters SET ?', [
        {
          hub: 'orders',
          hub_created_at: new Date(),
          partition_id: 3,
          sequence_number: 77,
          reason: 'schema',
          detail: 'x',
          body: '{}',
          failed_at: new Date(),
          resolved_at: new Date(),
        },
      ]),
    noticed: () => ({ N5: /^dead letter \d+: .*, open$/ }),
  },
  {
    fault: 'a provider was asked and never answered',
    plant: (books) =>
      books.sql('INSERT INTO external_ops SET ?', [waiting('capture', agoSql(120), reservedAgain(books))]),
    noticed: () => ({ N6: /^capture 1 of order_seq \d+: due at .*, tried 4 times: no answer in 5 s$/ }),
  },
];

const PAN = '4111 1111 1111 1111';

const PRIVACY_FAULTS: Fault[] = [
  {
    fault: 'a note holds a card number',
    plant: (books) =>
      books.sql('INSERT INTO order_notes SET ?', [{ order_seq: completed(books).seq, note: `my card ${PAN} 12/28` }]),
    noticed: (books) => ({ V1: `order_notes.note of order_seq ${completed(books).seq}: what may be a card number` }),
  },
  {
    fault: 'a request to the outside holds a security code',
    plant: (books) =>
      books.sql('INSERT INTO external_ops SET ?', [
        {
          ...waiting('authorize', null, completed(books)),
          request: JSON.stringify({
            order_id: completed(books).orderId,
            digits: '1234567890123',
            card: { cvv: '123' },
          }),
        },
      ]),
    noticed: () => ({ V1: /^external_ops\.request of order_seq \d+, kind authorize, op_no 1: a field called cvv$/ }),
  },
  {
    fault: 'an event that was refused for it is kept with its card number',
    plant: (books) =>
      books.sql('INSERT INTO dead_letters SET ?', [
        {
          hub: 'orders',
          hub_created_at: new Date(),
          partition_id: 3,
          sequence_number: 78,
          reason: 'schema',
          detail: 'x',
          body: Buffer.from(`\xff\xfe ${PAN.replaceAll(' ', '-')}`, 'latin1'),
          failed_at: new Date(),
        },
      ]),
    noticed: () => ({ V1: /^dead_letters\.body of dead_letter_id \d+: what may be a card number$/ }),
  },
];

suite('oms verify, on whole orders', () => {
  const books = new Books();
  before(() => books.open());
  after(() => books.close());

  const faults = [...PATH_FAULTS, ...STOCK_FAULTS, ...MONEY_FAULTS, ...MESSAGE_FAULTS, ...PRIVACY_FAULTS];
  for (const planted of faults) {
    test(`notices when ${planted.fault}`, () => plantAndVerify(books, planted));
  }

  /** What the provider booked of the completed order and of the cancelled one. */
  const cleanBook = () => [
    bookEntry(completed(books), 'authorize'),
    bookEntry(completed(books), 'capture'),
    bookEntry(cancelled(books), 'authorize'),
    bookEntry(cancelled(books), 'capture'),
    bookEntry(cancelled(books), 'refund'),
  ];

  test("finds the provider's book in the ledger, and the ledger in the book", async (t) => {
    await books.reset();
    const result = await books.verify({ sandboxUrl: await showBook(t, cleanBook()) });
    assert.deepEqual(violations(result), {});
    assert.equal(result.checks.find(({ name }) => name === 'M6')?.detail, '5 entries');
  });

  const differences: [what: string, book: () => ReturnType<typeof cleanBook>, noticed: RegExp][] = [
    [
      'charged twice under another key',
      () => [...cleanBook(), bookEntry(completed(books), 'capture', { key: 'another' })],
      /^capture another: the provider booked \d+, the ledger has nothing of it$/,
    ],
    [
      'refunded less than we booked',
      () => [...cleanBook().slice(0, 4), bookEntry(cancelled(books), 'refund', { amount_minor: 1 })],
      /^refund \S+:refund:1: the provider booked 1, the ledger \d+$/,
    ],
    ['never refunded', () => cleanBook().slice(0, 4), /:refund:1: the ledger has it, the provider does not$/],
    [
      'knows nothing of a payment',
      () => cleanBook().slice(2),
      /^\S+:capture:1: the ledger has it, the provider does not \(2 in all\)$/,
    ],
    [
      'holds an amount that we take for voided',
      () => [...cleanBook(), bookEntry(completed(books), 'void')],
      /^void \S+:void:1: the provider booked \d+, the payment is captured$/,
    ],
    [
      'took money for an order that we do not know',
      () => [...cleanBook(), bookEntry({ ...completed(books), orderId: books.orders[0]!.orderId }, 'authorize')],
      /^authorize \S+: the provider booked \d+, we know no such payment$/,
    ],
  ];
  for (const [what, book, noticed] of differences) {
    test(`notices when the provider ${what}`, async (t) => {
      await books.reset();
      const found = violations(await books.verify({ sandboxUrl: await showBook(t, book()) }));
      assert.deepEqual(Object.keys(found), ['M6']);
      assert.match(found.M6!, noticed);
    });
  }
});
