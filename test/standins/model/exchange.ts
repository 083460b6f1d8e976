import type { IncomingHttpHeaders } from 'node:http';

/** How an answer was asked for. */
export type Form = 'schema' | 'tools' | 'text';

interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

/** A request to the chat API as far as a test looks at it. */
export interface ModelRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body as it came, for searching in. */
  text: string;
  body: {
    model?: string;
    temperature?: number;
    messages: Message[];
    tools?: { function: { name: string; parameters: object } }[];
    response_format?: { type: string; json_schema?: { strict?: boolean; schema: object } };
  };
  form: Form;
  system: string;
  question: string;
  /** What the model was told about its earlier turns, the last one last. */
  feedback: string[];
}

/** What the model does: a call, words, or a fault of the line or the server. */
export type ModelReply =
  | { call: string; arguments: unknown }
  | { say: string }
  /** Content or arguments as they are, where they are no JSON. */
  | { broken: string }
  | { status: number; message?: string; param?: string }
  | { hang: true }
  | { cut: true }
  | { raw: string };

export function readRequest(path: string, headers: IncomingHttpHeaders, text: string): ModelRequest {
  const body = JSON.parse(text) as ModelRequest['body'];
  const form = body.response_format ? 'schema' : body.tools ? 'tools' : 'text';
  const [system, user, ...rest] = body.messages;
  const feedback = rest.filter(({ role }) => role === 'user' || role === 'tool').map(({ content }) => content ?? '');
  return { path, headers, text, body, form, system: system?.content ?? '', question: user?.content ?? '', feedback };
}

const fenced = (text: string) => `Here it is:\n\`\`\`json\n${text}\n\`\`\``;

/** The message of a completion, in the form that was asked for. */
export function messageOf(reply: ModelReply, form: Form): object {
  if ('say' in reply) return { role: 'assistant', content: reply.say };
  const name = 'call' in reply ? reply.call : 'submit_plan';
  const given = 'call' in reply ? JSON.stringify(reply.arguments) : 'broken' in reply ? reply.broken : '{}';
  if (form === 'tools') {
    const call = { id: 'call_1', type: 'function', function: { name, arguments: given } };
    return { role: 'assistant', content: null, tool_calls: [call] };
  }
  const whole = 'broken' in reply ? given : `{"call":{"name":${JSON.stringify(name)},"arguments":${given}}}`;
  return { role: 'assistant', content: form === 'text' ? fenced(whole) : whole };
}
