/**
 * How long events take through the local Event Hubs at a steady rate: from the moment they were due to their
 * acknowledgement, and to a consumer's handler. Producer, hub and consumer are processes of their own; durable; 600 bytes.
 *
 *   node bench/hub-latency.ts [--rate 5000] [--seconds 20] [--partitions 4]
 *
 * A batch is due every 20 ms, in turn for each partition. Waits are counted from when a batch was due, whether it could be
 * sent then or not, so a hub that stands still shows. The first two seconds are left out. Prints one JSON line, in ms.
 */
import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { ORDERS_HUB } from '../lib/streaming/hub-names.ts';
import { startHubProgram, stopProgram } from './lib/processes.ts';

const TICK_MS = 20;
const WARM_UP_MS = 2_000;
const FILLER = 'x'.repeat(480);

interface Settings {
  connectionString: string;
  rate: number;
  seconds: number;
  partitions: number;
}

/** The same clock in every process, in ms. */
const now = () => performance.timeOrigin + performance.now();

async function produce({ connectionString, rate, seconds, partitions }: Settings): Promise<number[]> {
  const client = new EventHubProducerClient(connectionString, ORDERS_HUB);
  const waits: number[] = [];
  const pending: Promise<void>[] = [];
  const start = now();
  const ticks = (seconds * 1_000) / TICK_MS;
  const length = Math.round((rate * TICK_MS) / 1_000);
  for (let tick = 0; tick < ticks; tick++) {
    const due = start + tick * TICK_MS;
    if (due > now()) await delay(due - now());
    const events = Array.from({ length }, () => ({ body: { due, filler: FILLER } }));
    const sent = client.sendBatch(events, { partitionId: String(tick % partitions) });
    pending.push(sent.then(() => void (due - start > WARM_UP_MS && waits.push(now() - due))));
  }
  await Promise.all(pending);
  await client.close();
  return waits;
}

async function consume({ connectionString, rate, seconds }: Settings): Promise<number[]> {
  const client = new EventHubConsumerClient('$default', connectionString, ORDERS_HUB);
  const expected = Math.round((rate * TICK_MS) / 1_000) * ((seconds * 1_000) / TICK_MS);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waits: number[] = [];
  let first = Number.POSITIVE_INFINITY;
  let seen = 0;
  const subscription = client.subscribe(
    {
      processEvents: async (events) => {
        const at = now();
        for (const { body } of events) {
          first = Math.min(first, body.due);
          if (body.due - first > WARM_UP_MS) waits.push(at - body.due);
        }
        seen += events.length;
        if (seen >= expected) resolve();
      },
      processError: async (error) => reject(error),
    },
    { startPosition: earliestEventPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1 },
  );
  await promise;
  await subscription.close();
  await client.close();
  return waits;
}

/** Runs one role in a process of its own. @returns its waits */
function runRole(role: string, settings: Settings): Promise<number[]> {
  const child = fork(fileURLToPath(import.meta.url), ['--role', role]);
  child.send(settings);
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  child.once('message', (waits) => resolve(waits as number[]));
  child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)));
  return promise;
}

async function playRole(role: string): Promise<void> {
  const settings = await new Promise<Settings>((resolve) =>
    process.once('message', (message) => resolve(message as Settings)),
  );
  const waits = await (role === 'produce' ? produce(settings) : consume(settings));
  process.send!(waits, () => process.exit(0));
}

function percentiles(waits: number[]) {
  waits.sort((a, b) => a - b);
  const at = (share: number) => Number(waits[Math.floor(waits.length * share)]!.toFixed(1));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

async function bench(rate: number, seconds: number, partitions: number): Promise<void> {
  const hub = await startHubProgram(partitions);
  try {
    const settings = { connectionString: hub.connectionString, rate, seconds, partitions };
    const [acknowledged, received] = await Promise.all([runRole('produce', settings), runRole('consume', settings)]);
    console.log(JSON.stringify({ rate, acknowledged: percentiles(acknowledged), received: percentiles(received) }));
  } finally {
    await stopProgram(hub.child);
  }
}

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '20' },
    partitions: { type: 'string', default: '4' },
    role: { type: 'string' },
  },
});
if (values.role === undefined) await bench(Number(values.rate), Number(values.seconds), Number(values.partitions));
else await playRole(values.role);
