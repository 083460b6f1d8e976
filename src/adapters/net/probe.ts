import { get } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ProbeResult {
  ok: boolean;
  status: number | undefined;
  /** Parsed JSON of the answer, when it is JSON. */
  body: unknown;
}

const SILENT: ProbeResult = { ok: false, status: undefined, body: undefined };

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * Asks a local address for JSON; never throws and never takes longer than the deadline.
 * node:http, because loading `fetch` alone costs a quarter of the time that `oms status` may take.
 */
export function probe(url: string, deadlineMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const request = get(url, { signal: AbortSignal.timeout(deadlineMs) }, (response) => {
      const status = response.statusCode ?? 0;
      text(response).then(
        (body) => resolve({ ok: status >= 200 && status < 300, status, body: parse(body) }),
        () => resolve(SILENT),
      );
    });
    request.on('error', () => resolve(SILENT));
  });
}
