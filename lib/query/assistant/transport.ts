import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelUnavailable } from './chat.ts';
import type { ModelSettings } from './settings.ts';

type Fetch = typeof fetch;

/** An answer of a few hundred words is some kilobytes; more than this is no answer. */
const MAX_BYTES = 1_000_000;

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new ModelUnavailable('its answer was too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Never follows a redirect, which would carry the key on, and reads no more than an answer can be. */
const plainFetch: Fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' });
  const body = await readBounded(response);
  return new Response(body, { status: response.status, headers: response.headers });
};

/** One exchange as it is kept: no headers, so no key. */
interface Recording {
  request: unknown;
  status: number;
  response: string;
}

/** The file of a request: by path and body, so that the same question at the same moment finds it. */
function fileOf(folder: string, input: Parameters<Fetch>[0], body: string): string {
  const path = new URL(input instanceof Request ? input.url : input).pathname;
  const digest = createHash('sha256').update(`${path}\n${body}`).digest('hex');
  return join(folder, `${digest.slice(0, 32)}.json`);
}

const bodyOf = (init: RequestInit | undefined) => (typeof init?.body === 'string' ? init.body : '');

const recorder =
  (folder: string): Fetch =>
  async (input, init) => {
    const response = await plainFetch(input, init);
    const text = await response.text();
    const body = bodyOf(init);
    const recording: Recording = { request: JSON.parse(body || 'null'), status: response.status, response: text };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(fileOf(folder, input, body), `${JSON.stringify(recording, null, 1)}\n`, { mode: 0o600 });
    return new Response(text, { status: response.status, headers: response.headers });
  };

const player =
  (folder: string): Fetch =>
  async (input, init) => {
    const file = fileOf(folder, input, bodyOf(init));
    const text = await readFile(file, 'utf8').catch(() => {
      throw new ModelUnavailable('no recording of this request');
    });
    const { status, response } = JSON.parse(text) as Recording;
    return new Response(response, { status, headers: { 'content-type': 'application/json' } });
  };

/** How requests leave: to the network, to the network and into a folder, or to the folder alone. */
export function transportOf({ cassette }: ModelSettings): Fetch {
  if (!cassette) return plainFetch;
  return cassette.mode === 'record' ? recorder(cassette.folder) : player(cassette.folder);
}
