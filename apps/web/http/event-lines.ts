/** One event of a stream (HTML living standard, server-sent events). */
export interface ServerEvent {
  event: string;
  data: string;
  id: string | undefined;
  /** How long to wait before coming again, when that was said. */
  retry: string | undefined;
}

/** More text without the end of an event than this is no stream of ours. */
const MAX_PENDING = 2 * 1_024 * 1_024;

function toEvent(block: string): ServerEvent {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const { event = '', data = '', id, retry } = Object.fromEntries(fields) as Record<string, string | undefined>;
  return { event, data, id, retry };
}

/**
 * The events in a stream as the order API sends it: fields of one line each, "\n" at their ends.
 * @throws {Error} when what comes is no such stream
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    if (text.length > MAX_PENDING) throw new Error('an event without end');
    for (const block of blocks) yield toEvent(block);
  }
}
