import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../src/errors.ts';
import { type Answer, placeOrder, plainOrder, type SiteClient } from './site-client.ts';

/** What customers have met so far. */
export interface LoadCount {
  requests: number;
  /** Requests that were repeated once, as a browser does. */
  retried: number;
  /** What failed twice, in words. */
  failed: string[];
  /** Orders that were acknowledged, by their idempotency key. */
  orders: Map<string, string>;
  /** By X-Served-By. */
  servedBy: Map<string, number>;
  slowestMs: number;
}

export interface RunningLoad {
  count: LoadCount;
  stop(): Promise<LoadCount>;
}

export interface LoadOptions {
  client: SiteClient;
  skus: readonly string[];
  /** Requests a second altogether. */
  rate: number;
  /** Goes before the idempotency keys; another one a run. */
  name: string;
}

/** Of five requests one is an order; the others are what is read on the way there. */
const ORDER_EVERY = 5;
const READS = ['/', '/api/products?limit=5', '/search?q=a', '/healthz'];

const isGood = ({ status }: Answer) => status >= 200 && status < 400;

async function outcome(send: () => Promise<Answer>): Promise<Answer | string> {
  try {
    const answer = await send();
    return isGood(answer) ? answer : `${answer.status} ${answer.text.slice(0, 200)}`;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Customers who read and order at an even rate, whatever the answers take, until they are stopped. Each repeats a request
 * that failed once, an order with the same key.
 */
export function startLoad({ client, skus, rate, name }: LoadOptions): RunningLoad {
  const count: LoadCount = {
    ...{ requests: 0, retried: 0, failed: [], slowestMs: 0 },
    orders: new Map(),
    servedBy: new Map(),
  };
  const underWay = new Set<Promise<void>>();
  let number = 0;
  let isOver = false;

  const note = (answer: Answer, from: number) => {
    count.slowestMs = Math.max(count.slowestMs, performance.now() - from);
    const server = answer.headers['x-served-by'];
    if (typeof server === 'string') count.servedBy.set(server, (count.servedBy.get(server) ?? 0) + 1);
  };
  const one = async (at: number) => {
    const isOrder = at % ORDER_EVERY === 0;
    const key = `${name}-${at}`;
    const path = READS[at % READS.length]!;
    const send = () =>
      isOrder ? placeOrder(client, key, plainOrder(`c-${at % 50}`, skus[at % skus.length]!)) : client.ask(path);
    const from = performance.now();
    let answer = await outcome(send);
    if (typeof answer === 'string') {
      count.retried += 1;
      await delay(500);
      answer = await outcome(send);
    }
    count.requests += 1;
    if (typeof answer === 'string') {
      count.failed.push(`${new Date().toISOString()} ${isOrder ? 'order' : path}: ${answer}`);
      return;
    }
    note(answer, from);
    if (isOrder) count.orders.set(key, (JSON.parse(answer.text) as { order_id: string }).order_id);
  };
  const run = async () => {
    const from = performance.now();
    while (!isOver) {
      const task = one(++number).finally(() => underWay.delete(task));
      underWay.add(task);
      await delay(Math.max(0, from + (number * 1_000) / rate - performance.now()));
    }
    await Promise.all(underWay);
  };
  const ran = run();
  return {
    count,
    stop: async () => {
      isOver = true;
      await ran;
      return count;
    },
  };
}
