import { join, resolve } from 'node:path';
import { Type } from 'typebox';
import { type ModelSettings, type Provider, readModelSettings } from '../../lib/query/assistant/settings.ts';
import { readEnv } from '../../lib/runtime/env.ts';

const locale = Type.String({ default: '', description: 'how the terminal writes text; the first that is set counts' });

const SettingsEnv = Type.Object({
  OMS_DIR: Type.String({ default: '.oms', description: 'where oms keeps data, logs and process files' }),
  OMS_DATABASE_URL: Type.Optional(Type.String({ description: 'any MySQL, instead of the local one' })),
  OMS_ADMIN_TOKEN: Type.Optional(Type.String({ description: 'bearer token of the staff at the order API' })),
  OMS_EVENTHUB_CONNECTION_STRING: Type.Optional(
    Type.String({ description: 'the namespace of the hub that belongs to OMS_DATABASE_URL' }),
  ),
  OMS_HUB_KEY: Type.Optional(Type.String({ description: 'the shared access key of a local hub' })),
  OMS_NOW: Type.Optional(Type.String({ description: 'a fixed clock (ISO 8601), for repeatable answers' })),
  PATH: Type.String({ default: '', description: 'where programs are looked for' }),
  LC_ALL: locale,
  LC_CTYPE: locale,
  LANG: locale,
  TERM: Type.String({ default: '', description: 'what kind of terminal it is' }),
  OMS_TIMEZONE: Type.String({ default: 'UTC', description: "the shop's time zone, for reporting windows" }),
});

/** What the environment says to every command; flags come before it. */
export interface Settings {
  /** Absolute path of the folder everything of ours is kept in. */
  dir: string;
  /** The local stack's part of it. */
  localDir: string;
  databaseUrl: string | undefined;
  /** Only from the environment: a flag would show in the list of processes. */
  adminToken?: string | undefined;
  eventHub?: string | undefined;
  /** Of a local hub; only from the environment, as the token is. */
  hubKey?: string | undefined;
  now: string | undefined;
  searchPath: string;
  timeZone: string;
  /** The language model of questions, if one is configured; read when it is needed. @throws {EnvironmentError} */
  model?: (provider?: Provider) => ModelSettings | undefined;
  /** The terminal says that it shows nothing but ASCII. */
  ascii?: boolean;
}

/** A terminal that says nothing is taken for one of today. */
function isAscii({ LC_ALL, LC_CTYPE, LANG, TERM }: { LC_ALL: string; LC_CTYPE: string; LANG: string; TERM: string }) {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return TERM === 'dumb' || (locale !== '' && !/utf-?8/i.test(locale));
}

/** The one place where the CLI reads its environment. */
export function readSettings(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): Settings {
  const values = readEnv(SettingsEnv, env);
  const dir = resolve(cwd, values.OMS_DIR);
  return {
    dir,
    localDir: join(dir, 'local'),
    databaseUrl: values.OMS_DATABASE_URL,
    adminToken: values.OMS_ADMIN_TOKEN,
    eventHub: values.OMS_EVENTHUB_CONNECTION_STRING,
    hubKey: values.OMS_HUB_KEY,
    now: values.OMS_NOW,
    searchPath: values.PATH,
    timeZone: values.OMS_TIMEZONE,
    ascii: isAscii(values),
    model: (provider) => readModelSettings(env, provider),
  };
}

/** Whether the stack of an unexpected error is wanted; the variable is oclif's own. */
export const debugWanted = (env: NodeJS.ProcessEnv = process.env): boolean => Boolean(env.DEBUG);
