import { type Static, Type } from 'typebox';
import { EnvironmentError, readEnv } from '../../runtime/env.ts';

export const PROVIDERS = ['openai', 'azure', 'compatible'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Where a language model is, if there is one. Keys come from here or from a file, never from a flag. */
export const ModelEnv = Type.Object({
  OMS_AI_PROVIDER: Type.Optional(
    Type.Enum([...PROVIDERS], { description: 'which language model reads questions of oms ask (default: none)' }),
  ),
  OMS_AI_BASE_URL: Type.Optional(
    Type.String({ description: 'where it is: the resource of Azure OpenAI, or a compatible server with its /v1' }),
  ),
  OMS_AI_MODEL: Type.Optional(Type.String({ description: 'its name; with Azure the name of the deployment' })),
  OMS_AI_API_KEY: Type.Optional(Type.String({ description: 'its key, or OMS_AI_API_KEY_FILE, a file that holds it' })),
  OMS_AI_API_VERSION: Type.Optional(Type.String({ description: 'version of the API of Azure OpenAI' })),
  OMS_AI_TIMEOUT_SECONDS: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    maximum: 300,
    description: 'after which a question is answered by rules',
  }),
  OMS_AI_CASSETTE: Type.Optional(
    Type.String({
      pattern: '^(record|replay):.+$',
      description: 'record:FOLDER keeps every exchange, replay:FOLDER answers from it',
    }),
  ),
});
/** What the environment says of a model, read by a process with variables of its own. */
export type ModelValues = Static<typeof ModelEnv>;

export interface ModelSettings {
  provider: Provider;
  model: string;
  baseUrl: string;
  /** Not enumerable: whoever prints settings does not print it. */
  apiKey?: string;
  apiVersion?: string;
  timeoutMs: number;
  cassette?: { mode: 'record' | 'replay'; folder: string };
}

const OPENAI_URL = 'https://api.openai.com/v1';
/** The first version of the API of Azure OpenAI that is no preview and takes a schema for answers. */
const AZURE_API_VERSION = '2024-10-21';

const needed = (name: keyof ModelValues, why: string) =>
  new EnvironmentError(`environment: ${name} is missing: ${why}`);

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A key goes over the network encrypted, or not at all. */
function checkUrl(text: string, hasKey: boolean): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new EnvironmentError('environment: OMS_AI_BASE_URL is no http(s) address');
  if (url.username || url.password) {
    throw new EnvironmentError('environment: OMS_AI_BASE_URL holds a password; the key belongs in OMS_AI_API_KEY');
  }
  if (hasKey && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new EnvironmentError('environment: OMS_AI_BASE_URL must be https where a key is sent to another machine');
  }
  return text.replace(/\/+$/, '');
}

function baseUrlOf(provider: Provider, values: ModelValues): string {
  if (values.OMS_AI_BASE_URL) return values.OMS_AI_BASE_URL;
  if (provider === 'openai') return OPENAI_URL;
  throw needed(
    'OMS_AI_BASE_URL',
    provider === 'azure' ? 'such as https://NAME.openai.azure.com' : 'such as http://127.0.0.1:11434/v1',
  );
}

function cassetteOf(text: string): NonNullable<ModelSettings['cassette']> {
  const [mode, ...folder] = text.split(':');
  return { mode: mode as 'record' | 'replay', folder: folder.join(':') };
}

/** {@link modelSettings} of an environment. */
export const readModelSettings = (env: NodeJS.ProcessEnv, provider?: Provider): ModelSettings | undefined =>
  modelSettings(readEnv(ModelEnv, env), provider);

/**
 * The model that is configured, or undefined when none is; `provider` comes before the variable.
 * @throws {EnvironmentError} naming what is missing or wrong
 */
export function modelSettings(values: ModelValues, provider?: Provider): ModelSettings | undefined {
  const chosen = provider ?? values.OMS_AI_PROVIDER;
  if (!chosen) return undefined;
  if (!values.OMS_AI_MODEL) throw needed('OMS_AI_MODEL', 'the name of the model or deployment');
  const key = values.OMS_AI_API_KEY;
  if (chosen === 'openai' && !key && !values.OMS_AI_CASSETTE?.startsWith('replay:')) {
    throw needed('OMS_AI_API_KEY', 'or OMS_AI_API_KEY_FILE');
  }
  const settings: ModelSettings = {
    provider: chosen,
    model: values.OMS_AI_MODEL,
    // A token of Entra is a key too.
    baseUrl: checkUrl(baseUrlOf(chosen, values), Boolean(key) || chosen === 'azure'),
    ...(chosen === 'azure' && { apiVersion: values.OMS_AI_API_VERSION ?? AZURE_API_VERSION }),
    timeoutMs: values.OMS_AI_TIMEOUT_SECONDS * 1_000,
    ...(values.OMS_AI_CASSETTE && { cassette: cassetteOf(values.OMS_AI_CASSETTE) }),
  };
  if (key) Object.defineProperty(settings, 'apiKey', { value: key, enumerable: false });
  return settings;
}

/** "compatible llama3.1 at http://127.0.0.1:11434/v1", for people. */
export const describeModel = ({ provider, model, baseUrl }: ModelSettings): string =>
  `${provider} ${model}${provider === 'openai' && baseUrl === OPENAI_URL ? '' : ` at ${baseUrl}`}`;
