import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { traceContext } from '../../../lib/runtime/trace-context.ts';
import { PROBLEM_CONTENT_TYPE, Problem, problemBody } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** What Node's HTTP parser refuses before there is a request; everything else is a bad request. */
const CODES: Record<string, [code: ProblemCode, detail: string]> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body_too_large', 'the chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request did not arrive in time'],
};

/** Time for the client to read the answer before the connection is cut, whatever it still sends. */
const LINGER_MS = 1_000;

const answered = new WeakSet<Socket>();

function isAnswering(socket: Socket): boolean {
  // The response under way, if any, is known to Node's own handler by the same property.
  return (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true;
}

/** Answers what is no HTTP request with problem+json, once, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (answered.has(socket)) return;
  if (!socket.writable || error.code === 'ECONNRESET' || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  answered.add(socket);
  const [code, detail] = CODES[error.code ?? ''] ?? ['bad_request', 'the request is not valid HTTP/1.1'];
  const problem = new Problem(code, detail);
  const body = problemBody(problem, '', traceContext().traceId);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
