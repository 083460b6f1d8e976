import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespaceFrom, openProducerClient } from '../../../../lib/streaming/event-hubs.ts';

const LOCAL =
  'Endpoint=sb://localhost:15600;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true';

test('a connection string comes before a host name, and without either both are named', () => {
  assert.deepEqual(namespaceFrom({ OMS_EVENTHUB_CONNECTION_STRING: LOCAL, OMS_EVENTHUB_NAMESPACE: 'h' }), {
    connectionString: LOCAL,
  });
  assert.deepEqual(namespaceFrom({ OMS_EVENTHUB_NAMESPACE: 'shop.servicebus.windows.net' }), {
    host: 'shop.servicebus.windows.net',
  });
  assert.throws(() => namespaceFrom({}), /OMS_EVENTHUB_CONNECTION_STRING is missing .*OMS_EVENTHUB_NAMESPACE/);
});

test('clients are opened for the hub that is asked for, with a key or with the identity of the machine', async () => {
  for (const namespace of [{ connectionString: LOCAL }, { host: 'shop.servicebus.windows.net' }]) {
    const client = await openProducerClient(namespace, 'orders');
    assert.equal(client.eventHubName, 'orders');
    await client.close();
  }
});
