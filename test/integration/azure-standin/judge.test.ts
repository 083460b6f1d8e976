import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { Answer, ArmRequest } from '../../standins/arm/http.ts';
import { createJudge, type Judge } from '../../standins/arm/judge.ts';

const NAMESPACES = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.EventHub/namespaces';
const SKU = { sku: { name: 'Standard', capacity: 1 } };

function requestOf(method: string, path: string, body: ArmRequest['body'] = {}): ArmRequest {
  return { method, path, query: new URLSearchParams('api-version=2024-01-01'), headers: {}, text: '', body };
}

suite('the published contract as judge', () => {
  let judge: Judge;
  before(async () => {
    judge = await createJudge();
  });
  const put = (name: string, body: ArmRequest['body'], answer: Answer) =>
    judge(requestOf('PUT', `${NAMESPACES}/${name}`, body), answer);
  const answered = (properties: object): Answer => ({
    status: 200,
    body: { id: '/x', name: 'evhns-oms', ...SKU, properties },
  });

  test('lets a right exchange pass', () => {
    assert.deepEqual(put('evhns-oms', SKU, answered({ createdAt: '2026-11-21T09:00:00Z', status: 'Active' })), []);
  });

  const planted: { what: string; found: () => string[]; fault: RegExp }[] = [
    {
      what: 'an invented property of the answer',
      found: () => put('evhns-oms', SKU, answered({ speed: 1 })),
      fault: /answer: properties\.speed is not known/,
    },
    {
      what: 'a value of another type',
      found: () => put('evhns-oms', SKU, answered({ disableLocalAuth: 'yes' })),
      fault: /properties\.disableLocalAuth is no Boolean/,
    },
    {
      what: 'a date that is none',
      found: () => put('evhns-oms', SKU, answered({ createdAt: 'today' })),
      fault: /properties\.createdAt is no DateTime/,
    },
    {
      what: 'a status nobody published',
      found: () => put('evhns-oms', SKU, { status: 207 }),
      fault: /status 207 is not published/,
    },
    {
      what: 'an error in another form',
      found: () => put('evhns-oms', SKU, { status: 409, body: { fault: 'taken' } }),
      fault: /answer: fault is not known/,
    },
    {
      what: 'a name against its pattern',
      found: () => put('9-oms', SKU, answered({})),
      fault: /namespaceName does not match/,
    },
    {
      what: 'a number below its range',
      found: () => put('evhns-oms', { sku: { name: 'Standard', capacity: -1 } }, answered({})),
      fault: /request: sku\.capacity is below 0/,
    },
    {
      what: 'a request without what is required',
      found: () => put('evhns-oms', { sku: {} }, answered({})),
      fault: /request: sku\.name is missing/,
    },
    {
      what: 'a value outside its list',
      found: () =>
        put(
          'evhns-oms/eventhubs/orders',
          { properties: { captureDescription: { encoding: 'Parquet' } } },
          answered({}),
        ),
      fault: /request: properties\.captureDescription\.encoding is not one of Avro,AvroDeflate/,
    },
    {
      what: 'a fault inside a list',
      found: () => judge(requestOf('GET', NAMESPACES), { status: 200, body: { value: [{ tags: { a: 1 } }] } }),
      fault: /value\[0\]\.tags\.a is no String/,
    },
    {
      what: 'a path nobody published',
      found: () => judge(requestOf('GET', `${NAMESPACES}/evhns-oms/queues`), { status: 200 }),
      fault: /no published operation/,
    },
  ];
  for (const { what, found, fault } of planted) {
    test(`refuses ${what}`, () => {
      assert.match(found().join('\n'), fault);
    });
  }

  test("does not judge what is no one's of Event Hubs", () => {
    assert.deepEqual(
      judge(requestOf('GET', '/subscriptions/s/providers/Microsoft.Storage/usages'), { status: 200, body: 1 }),
      [],
    );
  });
});
