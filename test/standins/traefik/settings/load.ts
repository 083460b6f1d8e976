import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { DynamicSettings } from './dynamic.ts';
import { StaticSettings } from './static.ts';

/** What the validator says of a key that is not in a strict object. */
const UNKNOWN_KEY = 'schema is false';

function check<S extends TSchema>(schema: S, value: unknown, file: string): Static<S> {
  const validator = Compile(schema);
  if (validator.Check(value)) return value;
  const [first] = validator.Errors(value);
  const at = first?.instancePath || '/';
  const key = at.slice(at.lastIndexOf('/') + 1);
  const known = first?.message !== UNKNOWN_KEY;
  throw new Error(`${file}: ${at}: ${known ? first?.message : `this stand-in does not know ${key}`}`);
}

export function loadStatic(file: string): StaticSettings {
  return check(StaticSettings, parse(readFileSync(file, 'utf8')), file);
}

/** All YAML files of the folder together; a name in two of them is refused. */
export function loadDynamic(folder: string): DynamicSettings {
  const http: { routers: object; middlewares: object; services: object } = {
    ...{ routers: {}, middlewares: {}, services: {} },
  };
  let tls: DynamicSettings['tls'];
  const names = readdirSync(folder).filter((name) => /^[^.].*\.ya?ml$/.test(name));
  for (const name of names.sort()) {
    const settings = check(DynamicSettings, parse(readFileSync(join(folder, name), 'utf8')), name);
    for (const part of ['routers', 'middlewares', 'services'] as const) {
      const twice = Object.keys(settings.http?.[part] ?? {}).find((key) => Object.hasOwn(http[part], key));
      if (twice) throw new Error(`${name}: ${part}.${twice} is in another file, too`);
      Object.assign(http[part], settings.http?.[part]);
    }
    if (settings.tls) tls = { ...tls, ...settings.tls };
  }
  return check(DynamicSettings, { http, ...(tls && { tls }) }, folder);
}
