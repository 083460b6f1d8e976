import { type IncomingHttpHeaders, request } from 'node:http';
import type { TestContext } from 'node:test';
import { until } from './until.ts';

export interface ReceivedEvent {
  event: string;
  data: string;
  id: string | undefined;
  /** When it came, on the clock of performance.now(). */
  at: number;
}

/** An open stream of server-sent events. */
export interface EventSource {
  status: number;
  headers: IncomingHttpHeaders;
  events: ReceivedEvent[];
  /** Everything that came, comments and hints too. */
  text(): string;
  readonly ended: boolean;
  /** Waits for an event. */
  next(matches: (event: ReceivedEvent) => boolean, deadlineMs?: number): Promise<ReceivedEvent>;
  /** Stops taking what comes. */
  pause(): void;
  resume(): void;
  close(): void;
}

function toEvent(block: string): ReceivedEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(': ');
      return [name, value.join(': ')] as const;
    }),
  );
  const event = fields.get('event');
  if (event === undefined) return undefined;
  return { event, data: fields.get('data') ?? '', id: fields.get('id'), at: performance.now() };
}

/** Opens a stream as a browser does; it is closed when the test ends. */
export function openEventSource(
  t: Pick<TestContext, 'after'>,
  url: string,
  headers: Record<string, string> = {},
): Promise<EventSource> {
  return new Promise((resolve, reject) => {
    const client = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
    t.after(() => client.destroy());
    client.on('error', reject);
    client.on('response', (response) => {
      const events: ReceivedEvent[] = [];
      let [text, taken, ended] = ['', 0, false];
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('close', () => {
        ended = true;
      });
      response.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n', taken); end >= 0; end = text.indexOf('\n\n', taken)) {
          const event = toEvent(text.slice(taken, end));
          if (event) events.push(event);
          taken = end + 2;
        }
      });
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        events,
        text: () => text,
        get ended() {
          return ended;
        },
        async next(matches, deadlineMs) {
          await until('the event comes', () => events.some(matches), deadlineMs);
          return events.find(matches)!;
        },
        pause: () => response.pause(),
        resume: () => response.resume(),
        close: () => client.destroy(),
      });
    });
    client.end();
  });
}
