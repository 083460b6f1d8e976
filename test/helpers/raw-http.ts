import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
  /** Whether the server closed the connection, or said that it would. */
  closes: boolean;
}

function parseAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine, ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const bytes = Buffer.from(text.slice(end + 4), 'latin1');
  if (bytes.length < Number(headers.get('content-length') ?? 0)) return undefined;
  const status = Number(statusLine!.split(' ')[1]);
  return { status, headers, body: bytes.toString(), closes: headers.get('connection') === 'close' };
}

export interface RawRequest {
  bytes: Buffer;
  /** Goes on after `bytes` with one byte every so many milliseconds until there is an answer. */
  dripEveryMs?: number;
}

/** Writes bytes to a port and reads the first answer, whatever the server does with the connection. */
export function sendRaw(port: number, { bytes, dripEveryMs }: RawRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let received = '';
  const socket = connect(port, '127.0.0.1');
  const drip = dripEveryMs && setInterval(() => socket.write('x'), dripEveryMs);
  const deadline = setTimeout(() => finish(), 10_000);
  const finish = () => {
    clearInterval(drip || undefined);
    clearTimeout(deadline);
    socket.destroy();
    const answer = parseAnswer(received);
    if (answer) resolve(answer);
    else reject(new Error(`no answer; received ${JSON.stringify(received.slice(0, 200))}`));
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    if (parseAnswer(received)) finish();
  });
  // A server that refuses may cut the connection while the rest of the request is still on its way.
  socket.on('error', () => {});
  socket.on('close', finish);
  socket.write(bytes);
  return promise;
}
