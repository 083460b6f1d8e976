// Sends batches to the first two partitions of `orders` until it is killed; what fails is not sent again.
// A process of its own, since a client whose hub is killed while it connects can neither be ended nor let go.
import { EventHubProducerClient } from '@azure/event-hubs';

const connectionString = process.argv[2]!;
const retryOptions = { maxRetries: 0, timeoutInMs: 1_000 };

for (;;) {
  const client = new EventHubProducerClient(connectionString, 'orders', { retryOptions });
  try {
    for (let number = 0; ; number++) {
      const ids = Array.from({ length: 20 }, (_, i) => `${number}-${i}`);
      const events = ids.map((id) => ({ body: { id, filler: 'x'.repeat(500) } }));
      const abortSignal = AbortSignal.timeout(2_000);
      await client.sendBatch(events, { partitionId: String(number % 2), abortSignal });
    }
  } catch {
    // The hub was killed; the next client finds the next one.
  }
  client.close().catch(() => {});
}
