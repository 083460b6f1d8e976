import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { EventHubProducerClient } from '@azure/event-hubs';
import { connectionString, startTestHub } from '../../../helpers/hub.ts';
import { HUB } from '../../../helpers/hub-sdk.ts';

const codeOf = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

test('a wrong key, an unknown hub and an unknown partition have the names the SDK gives them', async (t) => {
  const hub = await startTestHub(t);
  const none = { retryOptions: { maxRetries: 0, timeoutInMs: 30_000 } };
  const clientOf = (text: string, name = HUB) => {
    const client = new EventHubProducerClient(text, name, none);
    t.after(() => client.close());
    return client;
  };
  const wrongKey = clientOf(connectionString(hub.port, { name: 'oms', key: 'wrong' }));
  await assert.rejects(wrongKey.sendBatch([{ body: 1 }]), codeOf('UnauthorizedError'));
  await assert.rejects(wrongKey.getEventHubProperties(), codeOf('UnauthorizedError'));
  const wrongName = clientOf(connectionString(hub.port, { name: 'other', key: 'test-key' }));
  await assert.rejects(wrongName.sendBatch([{ body: 1 }]), codeOf('UnauthorizedError'));
  await assert.rejects(
    clientOf(hub.connectionString, 'nope').sendBatch([{ body: 1 }]),
    codeOf('MessagingEntityNotFoundError'),
  );
  await assert.rejects(
    clientOf(hub.connectionString, 'nope').getEventHubProperties(),
    codeOf('MessagingEntityNotFoundError'),
  );
  await assert.rejects(
    clientOf(hub.connectionString).sendBatch([{ body: 1 }], { partitionId: '99' }),
    codeOf('ArgumentOutOfRangeError'),
  );
});

const signature = (port: number, key: string, expires: number): string => {
  const resource = encodeURIComponent(`sb://localhost:${port}/${HUB}`);
  const sig = encodeURIComponent(createHmac('sha256', key).update(`${resource}\n${expires}`).digest('base64'));
  return `SharedAccessSignature sr=${resource}&sig=${sig}&se=${expires}&skn=oms`;
};

test('a ready-made signature does as well as a key, as long as it is not expired', async (t) => {
  const hub = await startTestHub(t);
  const clientOf = (token: string) => {
    const text = `Endpoint=sb://localhost:${hub.port};SharedAccessSignature=${token};EntityPath=${HUB};UseDevelopmentEmulator=true`;
    const client = new EventHubProducerClient(text, { retryOptions: { maxRetries: 0, timeoutInMs: 30_000 } });
    t.after(() => client.close());
    return client;
  };
  const now = Math.floor(Date.now() / 1000);
  await clientOf(signature(hub.port, 'test-key', now + 600)).sendBatch([{ body: 1 }]);
  await assert.rejects(
    clientOf(signature(hub.port, 'test-key', now - 1)).sendBatch([{ body: 1 }]),
    codeOf('UnauthorizedError'),
  );
});
