const DEADLINE_MS = 10_000;
/** A label with a logo has 100 KB. */
const MAX_BYTES = 2_000_000;
const PDF_HEAD = Buffer.from('%PDF-');

async function readAtMost(body: ReadableStream<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limit) throw new Error(`the label has more than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Fetches labels from carriers. Addresses come with their answers, so only places that are named here are asked. */
export class LabelSource {
  readonly #origins: ReadonlySet<string>;

  /** @param origins scheme, host and port of each place: http://127.0.0.1:1234 */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin));
  }

  /** @throws {Error} when it is not there, not a PDF, too large, or at a place that is not allowed */
  async fetch(url: string, signal: AbortSignal): Promise<Buffer> {
    const origin = URL.parse(url)?.origin ?? 'no address';
    if (!this.#origins.has(origin)) throw new Error(`the label is at ${origin}, which OMS_LABEL_ORIGINS does not name`);
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`the carrier answered ${response.status} instead of a label`);
    }
    const bytes = await readAtMost(response.body, MAX_BYTES);
    if (!bytes.subarray(0, PDF_HEAD.length).equals(PDF_HEAD)) throw new Error('the label is not a PDF');
    return bytes;
  }
}
