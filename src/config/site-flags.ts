import { Flags } from '@oclif/core';
import { parseEnvironmentName } from './azure-values.ts';
import { QuantityError, quoted } from './quantities.ts';

const SINCE = /^(?:\d{1,6}[smh]|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z?)?)$/;

/**
 * How far back a log is read.
 * @throws {QuantityError} with an example
 */
export function parseSince(text: string): string {
  if (SINCE.test(text)) return text;
  throw new QuantityError(`expected a time or how long ago, got ${quoted(text)}; for example --since 10m`);
}

/**
 * The one log of the local stack that was named, if any.
 * @throws {QuantityError} for several, or for one there is not
 */
export function parseLogName<Name extends string>(given: readonly string[], names: readonly Name[]): Name | undefined {
  const [name, second] = given;
  if (second !== undefined) {
    throw new QuantityError(`expected one process, got ${quoted(given.join(' '))}; several go with --env`);
  }
  const found = names.find((one) => one === name);
  if (name === undefined || found) return found;
  throw new QuantityError(`expected one of ${names.join(', ')}, got ${quoted(name)}`);
}

/** Which servers are meant, for commands that speak of the local stack without it. @param env the flag's variable. */
export const siteFlag = (env: string) =>
  Flags.string({
    env,
    summary: 'the servers of this environment, instead of the local stack',
    helpValue: 'NAME',
    parse: async (text) => parseEnvironmentName(text),
  });

/**
 * Whose database is meant, for commands that otherwise take the local stack's or any address.
 * @param env the flag's variable. @param exclusive what else cannot be said of a deployed one.
 */
export const siteDatabaseFlag = (env: string, exclusive: readonly string[] = []) =>
  Flags.string({
    env,
    summary: 'the database of this deployed environment, through SSH',
    helpValue: 'NAME',
    exclusive: ['database-url', ...exclusive],
    parse: async (text) => parseEnvironmentName(text),
  });

/** Flags of `oms logs` that concern servers. */
export const siteLogFlags = {
  since: Flags.string({
    env: 'OMS_LOGS_SINCE',
    summary: 'with --env: only lines from then on, 10m ago or a time in UTC',
    helpValue: 'TIME',
    dependsOn: ['env'],
    parse: async (text) => parseSince(text),
  }),
  host: Flags.string({
    env: 'OMS_LOGS_HOST',
    summary: 'with --env: of this server alone',
    helpValue: 'NAME',
    dependsOn: ['env'],
  }),
};
