/**
 * What the local Event Hubs costs: events a second and CPU per event of the hub, next to the SDK's own CPU in the same run.
 * One producer, the hub and one consumer, each its own process; durable; events of about 600 bytes; batches of 200.
 *
 *   node bench/hub.ts [--events 100000] [--partitions 4] [--batch 200]
 *
 * Prints one JSON line: in and out in events a second, microseconds of CPU per event for each process, and their ratio.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';

const HUB = 'bench';

interface Settings {
  connectionString: string;
  events: number;
  partitions: number;
  batch: number;
}

/** What a role reports when it is done. */
interface Report {
  seconds: number;
  cpuMicros: number;
}

const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** An order of about 600 bytes. */
const order = (number: number) => ({
  specversion: '1.0',
  id: `order-${number}`,
  type: 'order.placed',
  source: '/shop',
  data: { customer: `customer-${number % 5000}`, lines: 'x'.repeat(420), totalMinor: number * 7, currency: 'EUR' },
});

async function produce({ connectionString, events, partitions, batch }: Settings): Promise<void> {
  const client = new EventHubProducerClient(connectionString, HUB);
  const batches = Math.ceil(events / batch);
  let next = 0;
  const sendOn = async (partitionId: string) => {
    for (let number = next++; number < batches; number = next++) {
      const first = number * batch;
      const length = Math.min(batch, events - first);
      await client.sendBatch(
        Array.from({ length }, (_, i) => ({ body: order(first + i) })),
        { partitionId },
      );
    }
  };
  await Promise.all(Array.from({ length: partitions }, (_, partition) => sendOn(String(partition))));
  await client.close();
}

async function consume({ connectionString, events }: Settings): Promise<void> {
  const client = new EventHubConsumerClient('$default', connectionString, HUB);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let seen = 0;
  const subscription = client.subscribe(
    {
      processEvents: async (received) => {
        seen += received.length;
        if (seen >= events) resolve();
      },
      processError: async (error) => reject(error),
    },
    { startPosition: earliestEventPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1 },
  );
  await promise;
  await subscription.close();
  await client.close();
}

/** Runs one role of the bench in a process of its own. */
function runRole(role: string, settings: Settings): Promise<Report> {
  const child = fork(fileURLToPath(import.meta.url), ['--role', role], { serialization: 'json' });
  child.send(settings);
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  child.once('message', (report) => resolve(report as Report));
  child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)));
  return promise;
}

async function playRole(role: string): Promise<void> {
  const settings = await new Promise<Settings>((resolve) =>
    process.once('message', (message) => resolve(message as Settings)),
  );
  const start = performance.now();
  const before = cpuMicros();
  await (role === 'produce' ? produce(settings) : consume(settings));
  process.send!({ seconds: (performance.now() - start) / 1000, cpuMicros: cpuMicros() - before }, () =>
    process.exit(0),
  );
}

interface HubProcess {
  child: ChildProcess;
  port: number;
  httpPort: number;
}

async function startHub(folder: string, partitions: number): Promise<HubProcess> {
  const config = join(folder, 'hubs.json');
  await writeFile(config, JSON.stringify({ hubs: [{ name: HUB, partitions }] }));
  const child = spawn(process.execPath, [fileURLToPath(new URL('../apps/hub/main.ts', import.meta.url))], {
    env: { OMS_HUB_PORT: '0', OMS_HUB_HTTP_PORT: '0', OMS_HUB_DATA_DIR: join(folder, 'data'), OMS_HUB_CONFIG: config },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; port: number; httpPort: number };
    if (entry.msg === 'hub ready') return { child, port: entry.port, httpPort: entry.httpPort };
  }
  throw new Error('the hub did not start');
}

/** CPU the hub has used so far, from its own metrics. */
async function hubCpuMicros(httpPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  return Number(/^process_cpu_seconds_total\{.*\} (.*)$/m.exec(text)![1]) * 1e6;
}

async function bench(events: number, partitions: number, batch: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'oms-bench-hub-'));
  const hub = await startHub(folder, partitions);
  try {
    const connectionString = `Endpoint=sb://localhost:${hub.port};SharedAccessKeyName=oms;SharedAccessKey=x;UseDevelopmentEmulator=true`;
    const settings = { connectionString, events, partitions, batch };
    const before = await hubCpuMicros(hub.httpPort);
    const [producer, consumer] = await Promise.all([runRole('produce', settings), runRole('consume', settings)]);
    const perEvent = {
      producer: producer.cpuMicros / events,
      hub: ((await hubCpuMicros(hub.httpPort)) - before) / events,
      consumer: consumer.cpuMicros / events,
    };
    const rounded = Object.fromEntries(
      Object.entries(perEvent).map(([name, micros]) => [name, Number(micros.toFixed(1))]),
    );
    console.log(
      JSON.stringify({
        events,
        inPerSecond: Math.round(events / producer.seconds),
        outPerSecond: Math.round(events / consumer.seconds),
        cpuMicrosPerEvent: rounded,
        hubToSdk: Number((perEvent.hub / (perEvent.producer + perEvent.consumer)).toFixed(3)),
      }),
    );
  } finally {
    hub.child.kill('SIGTERM');
    // It writes to the folder until it has ended.
    if (hub.child.exitCode === null) await once(hub.child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    partitions: { type: 'string', default: '4' },
    batch: { type: 'string', default: '200' },
    role: { type: 'string' },
  },
});
if (values.role === undefined) await bench(Number(values.events), Number(values.partitions), Number(values.batch));
else await playRole(values.role);
