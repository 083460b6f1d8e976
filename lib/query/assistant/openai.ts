import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam } from 'openai/resources';
import {
  type ChatModel,
  type ChatReply,
  type ChatRequest,
  type Exchange,
  ModelUnavailable,
  type Tool,
} from './chat.ts';
import { describeModel, type ModelSettings } from './settings.ts';
import { transportOf } from './transport.ts';

/** How a model is made to answer in form, the strictest first. */
const RUNGS = ['schema', 'tools', 'text'] as const;
type Rung = (typeof RUNGS)[number];
type Body = ChatCompletionCreateParamsNonStreaming;

/** How a request was sent. */
interface Used {
  rung: Rung;
  /** Models that reason take none. */
  temperature: { temperature?: number };
}

/** One object that holds one call: what strict decoding produces where it takes a schema. */
const callSchema = (tools: readonly Tool[]) => ({
  type: 'object',
  properties: {
    call: {
      anyOf: tools.map(({ name, description, parameters }) => ({
        type: 'object',
        description,
        properties: { name: { type: 'string', enum: [name] }, arguments: parameters },
        required: ['name', 'arguments'],
        additionalProperties: false,
      })),
    },
  },
  required: ['call'],
  additionalProperties: false,
});

const FORM = 'Answer with one JSON object {"call": {"name": TOOL, "arguments": {...}}} and nothing else.';

function systemText(request: ChatRequest, rung: Rung): string {
  if (rung === 'tools') return `${request.system}\n\nCall exactly one tool.`;
  const lines = request.tools.map(({ name, description, parameters }) =>
    rung === 'schema' ? `- ${name}: ${description}` : `- ${name}: ${description}\n  ${JSON.stringify(parameters)}`,
  );
  const fence = rung === 'text' ? ' Put it between ```json and ```.' : '';
  return [request.system, '', 'Tools', ...lines, '', `${FORM}${fence}`].join('\n');
}

function messagesOf({ call, text, feedback }: Exchange, rung: Rung): ChatCompletionMessageParam[] {
  if (rung === 'tools' && call) {
    const tool_calls = [
      { id: call.id, type: 'function' as const, function: { name: call.name, arguments: call.arguments } },
    ];
    return [
      { role: 'assistant', content: text || null, tool_calls },
      { role: 'tool', tool_call_id: call.id, content: feedback },
    ];
  }
  const said = call ? `{"call":{"name":${JSON.stringify(call.name)},"arguments":${call.arguments}}}` : text;
  return [
    { role: 'assistant', content: said || '(nothing)' },
    { role: 'user', content: feedback },
  ];
}

function formOf(request: ChatRequest, rung: Rung): Partial<Body> {
  if (rung === 'schema') {
    const json_schema = { name: 'call', strict: true, schema: callSchema(request.tools) };
    return { response_format: { type: 'json_schema', json_schema } };
  }
  if (rung === 'text') return {};
  const tools = request.tools.map(({ name, description, parameters }) => {
    return { type: 'function' as const, function: { name, description, parameters } };
  });
  return { tools, tool_choice: 'required', parallel_tool_calls: false };
}

/** What an error of the package says, as far as it concerns us. */
interface Failure {
  status?: number;
  message: string;
  param?: string | null;
  cause?: unknown;
}

const textOf = ({ message, param }: Failure) => `${param ?? ''} ${message}`;

/** The server knows no such form of answer; another rung may do. */
function isUnsupported(failure: Failure): boolean {
  const status = failure.status ?? 0;
  return (
    [400, 404, 405, 415, 422, 501].includes(status) &&
    /response_format|json_schema|json schema|structured|schema|tools?\b|tool_choice|function/i.test(textOf(failure))
  );
}

const REASONS: Record<number, string> = {
  401: '401: the key was not accepted',
  403: '403: not allowed',
  404: '404: no such model or address',
  429: '429',
};

/** How the package begins what it says when no token could be had. */
const NO_TOKEN = 'Failed to get token';

/** Why there was no answer, in words of ours: a server's own text could repeat what was sent. */
function reasonOf(error: Failure, signal: AbortSignal): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ModelUnavailable) return cause.message;
    if (cause.message.startsWith(NO_TOKEN)) return 'nobody is signed in at Microsoft Entra';
    if ('code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') return 'its client is not installed here';
  }
  if (signal.aborted) return signal.reason?.name === 'TimeoutError' ? 'too slow' : 'it was not waited for';
  if (error.status !== undefined) return REASONS[error.status] ?? String(error.status);
  const { name } = error.constructor;
  if (/Timeout|Abort/.test(name)) return 'too slow';
  return /Connection/.test(name) ? 'no connection, or it was cut' : 'its answer could not be read';
}

function replyOf(completion: OpenAI.ChatCompletion): ChatReply {
  const message = completion.choices?.[0]?.message;
  if (!message) throw new ModelUnavailable('its answer could not be read');
  if (message.refusal) throw new ModelUnavailable('it declined to answer');
  const [call] = message.tool_calls ?? [];
  const text = typeof message.content === 'string' ? message.content : '';
  if (call?.type !== 'function') return { text };
  return { call: { id: String(call.id), name: call.function.name, arguments: call.function.arguments }, text };
}

/** The package hears of a signal only once it has a token, and who gives tokens may take a minute. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

class OpenAiModel implements ChatModel {
  readonly label: string;
  private readonly model: string;
  /** Loading the package takes a quarter of a second: a question that is refused never pays it. */
  private client: Promise<OpenAI> | undefined;
  private readonly settings: ModelSettings;
  private readonly signIn: SignIn;
  private rung: Rung = 'schema';
  private temperature: Used['temperature'] = { temperature: 0 };

  constructor(settings: ModelSettings, signIn: SignIn) {
    this.settings = settings;
    this.signIn = signIn;
    this.model = settings.model;
    this.label = describeModel(settings);
  }

  async choose(request: ChatRequest): Promise<ChatReply> {
    let used = this.rung;
    const completion = await this.send((rung) => {
      used = rung;
      return {
        messages: [
          { role: 'system', content: systemText(request, rung) },
          { role: 'user', content: request.question },
          ...request.exchanges.flatMap((exchange) => messagesOf(exchange, rung)),
        ],
        ...formOf(request, rung),
      };
    }, request.signal);
    const reply = replyOf(completion);
    // A server that overlooks the form it was asked for gets the next one in the next turn.
    if (!reply.call && !reply.text.includes('{')) this.stepDown(used);
    return reply;
  }

  async write({ system, text, signal }: Parameters<ChatModel['write']>[0]): Promise<string> {
    const messages: ChatCompletionMessageParam[] = [
      { role: 'system', content: system },
      { role: 'user', content: text },
    ];
    return replyOf(await this.send(() => ({ messages }), signal)).text;
  }

  /** Sends until the server takes the form; what it does not know is left out from then on. */
  private async send(body: (rung: Rung) => Omit<Body, 'model'>, signal: AbortSignal): Promise<OpenAI.ChatCompletion> {
    for (;;) {
      const { rung, temperature } = this;
      try {
        this.client ??= createClient(this.settings, this.signIn);
        const client = await this.client;
        const sent = client.chat.completions.create({ model: this.model, ...temperature, ...body(rung) }, { signal });
        return await orAborted(sent, signal);
      } catch (error) {
        if (!this.adapt(error as Failure, { rung, temperature }))
          throw new ModelUnavailable(reasonOf(error as Failure, signal), { cause: error });
      }
    }
  }

  /** Whether there is another way to send it than `used`; another question may have found it already. */
  private adapt(failure: Failure, used: Used): boolean {
    if (failure.status === 400 && /temperature/i.test(textOf(failure)) && used.temperature.temperature !== undefined) {
      this.temperature = {};
      return true;
    }
    return isUnsupported(failure) && this.stepDown(used.rung);
  }

  /** @returns whether there is a form below `from` */
  private stepDown(from: Rung): boolean {
    if (this.rung !== from) return true;
    const next = RUNGS[RUNGS.indexOf(from) + 1];
    if (!next) return false;
    this.rung = next;
    return true;
  }
}

const AZURE_SCOPE = 'https://cognitiveservices.azure.com/.default';

/** Gives a token of Microsoft Entra. */
export type SignIn = () => Promise<string>;

/** As this machine or whoever is logged in; loads a third of a second of code, so only who has no key pays. */
const signInAsMachine: SignIn = async () => {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { token } = await new DefaultAzureCredential().getToken(AZURE_SCOPE);
  return token;
};

/** Loads beforehand what the first question would. @throws {Error} where a package is not installed */
export async function loadClient({ provider, apiKey }: ModelSettings): Promise<void> {
  await import('openai');
  if (provider === 'azure' && !apiKey) await import('@azure/identity');
}

/** The package reads variables of its own; everything is said here instead. */
async function createClient(settings: ModelSettings, signIn: SignIn): Promise<OpenAI> {
  const { AzureOpenAI, OpenAI } = await import('openai');
  const { provider, baseUrl, apiKey, apiVersion, model, timeoutMs } = settings;
  const common = {
    organization: null,
    project: null,
    adminAPIKey: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off' as const,
    fetch: transportOf(settings),
  };
  if (provider !== 'azure') return new OpenAI({ ...common, baseURL: baseUrl, apiKey: apiKey ?? 'none' });
  const isReplay = settings.cassette?.mode === 'replay';
  const azureADTokenProvider = isReplay ? async () => 'none' : signIn;
  const access = apiKey ? { apiKey } : { apiKey: '', azureADTokenProvider };
  const baseURL = `${baseUrl.replace(/\/openai$/, '')}/openai`;
  return new AzureOpenAI({ ...common, ...access, apiVersion, baseURL, deployment: model });
}

/** A model behind the API that OpenAI, Azure OpenAI and most servers of open models speak. */
export const openModel = (settings: ModelSettings, signIn: SignIn = signInAsMachine): ChatModel =>
  new OpenAiModel(settings, signIn);
