import { Flags } from '@oclif/core';

const url = (protocols: readonly string[], example: string) => async (text: string) => {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  throw new Error(
    `expected an address beginning with ${protocols.map((p) => `${p}//`).join(' or ')}; for example ${example}`,
  );
};

/** Where orders are posted to. */
export const producerUrlFlag = Flags.custom<string>({
  env: 'OMS_PRODUCER_URL',
  summary: 'the order API, instead of the local stack',
  parse: url(['http:', 'https:'], '--url http://127.0.0.1:8080'),
});

/** A MySQL database; the value is never repeated, it may hold a password. */
export const databaseUrlFlag = Flags.custom<string>({
  env: 'OMS_DATABASE_URL',
  summary: 'any MySQL, instead of the local stack',
  parse: url(['mysql:'], '--database-url mysql://user:password@127.0.0.1:3306/oms'),
});

/** The operations address of the hub. */
export const hubUrlFlag = Flags.custom<string>({
  env: 'OMS_HUB_URL',
  summary: 'operations address of the hub, instead of the local stack',
  parse: url(['http:', 'https:'], '--hub-url http://127.0.0.1:9300'),
});

/** The stand-in payment provider and carriers. */
export const sandboxUrlFlag = Flags.custom<string>({
  env: 'OMS_SANDBOX_URL',
  summary: 'the stand-in payment provider, instead of the local stack',
  parse: url(['http:', 'https:'], '--sandbox-url http://127.0.0.1:9500'),
});
