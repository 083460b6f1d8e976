/** A request to one of our own HTTP APIs. */
export interface JsonRequest {
  method: 'GET' | 'PUT' | 'DELETE';
  url: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Name and password of basic authentication. */
  credentials?: { name: string; key: string } | undefined;
}

export interface JsonAnswer {
  status: number;
  /** Parsed; the text itself where it is no JSON, null where there is none. */
  body: unknown;
}

const DEADLINE_MS = 30_000;

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws {Error} when no answer comes */
export async function requestJson({ method, url, body, credentials }: JsonRequest, signal: AbortSignal) {
  const basic = credentials && Buffer.from(`${credentials.name}:${credentials.key}`).toString('base64');
  const response = await fetch(url, {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    headers: {
      ...(basic && { authorization: `Basic ${basic}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: parse(await response.text()) } satisfies JsonAnswer;
}
