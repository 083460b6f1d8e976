import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type Form, type ModelReply, type ModelRequest, messageOf, readRequest } from './exchange.ts';

export interface ModelStandin {
  /** Base URL for a compatible provider; Azure's is `origin`. */
  url: string;
  origin: string;
  /** Every request, in order. */
  requests: ModelRequest[];
  close(): Promise<void>;
}

export interface ModelStandinOptions {
  answer(request: ModelRequest): ModelReply;
  /** Forms of answer this server knows; others are 400, as servers say it. */
  forms?: readonly Form[];
  /** Models that reason take no temperature. */
  temperature?: boolean;
  port?: number;
}

const UNKNOWN: Record<Exclude<Form, 'text'>, { message: string; param: string }> = {
  schema: {
    message: "'response_format' of type 'json_schema' is not supported with this model.",
    param: 'response_format',
  },
  tools: { message: 'This model does not support tools.', param: 'tools' },
};

function sendError(response: ServerResponse, status: number, error: { message: string; param?: string | null }): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { type: 'stand_in', code: null, param: null, ...error } }));
}

function sendCompletion(response: ServerResponse, message: object): void {
  const choice = { index: 0, message, finish_reason: 'tool_calls' in message ? 'tool_calls' : 'stop' };
  sendBody(response, { id: 'c', object: 'chat.completion', created: 0, model: 'stand-in', choices: [choice] });
}

function sendBody(response: ServerResponse, body: object | string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Promises more than it sends, and hangs up. */
function sendHalf(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000 });
  response.write('{"id":"c","object":"chat.completion","choices":[', () => response.destroy());
}

function send(response: ServerResponse, reply: ModelReply, form: Form): void {
  if ('hang' in reply) return;
  if ('status' in reply) {
    const { status, message = 'stand-in', param = null } = reply;
    sendError(response, status, { message, param });
  } else if ('raw' in reply) sendBody(response, reply.raw);
  else if ('cut' in reply) sendHalf(response);
  else sendCompletion(response, messageOf(reply, form));
}

/** A language model that says what a test has it say, behind the chat API, on a port of this machine. */
export async function startModelStandin(options: ModelStandinOptions): Promise<ModelStandin> {
  const { answer, forms = ['schema', 'tools', 'text'], temperature = true } = options;
  const requests: ModelRequest[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = readRequest(incoming.url!, incoming.headers, await readText(incoming));
    requests.push(request);
    const { form } = request;
    if (form !== 'text' && !forms.includes(form)) return sendError(response, 400, UNKNOWN[form]);
    if (!temperature && request.body.temperature !== undefined) {
      return sendError(response, 400, { message: "Unsupported value: 'temperature'.", param: 'temperature' });
    }
    send(response, answer(request), form);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: Error) => sendError(response, 500, { message: error.message }));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `${origin}/v1`, origin, requests, close };
}
