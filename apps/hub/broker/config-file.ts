import { readFileSync } from 'node:fs';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { FaultSettings } from '../faults/fault-rules.ts';
import { EmulatorFile, hubsOfEmulator } from './emulator-config.ts';
import { HubConfig, HubConfigError, sameName, type WantedHub } from './hub-config.ts';

const ConfigFile = Type.Object(
  { hubs: Type.Array(HubConfig, { minItems: 1 }), faults: Type.Optional(FaultSettings) },
  { additionalProperties: false },
);

/** What a configuration file asks for. */
export type HubFile = Static<typeof ConfigFile>;

/** What a hub is started with. */
export type HubsToServe = Omit<HubFile, 'hubs'> & { hubs: WantedHub[] };

const configFile = Compile(ConfigFile);
const emulatorFile = Compile(EmulatorFile);

function parseJson(path: string): unknown {
  try {
    // Editors on Windows begin a file with a byte order mark.
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new HubConfigError(`${path}: ${(error as Error).message}`);
  }
}

function check<S extends TSchema>(validator: Validator<Record<string, never>, S>, path: string, value: unknown) {
  if (validator.Check(value)) return value as Static<S>;
  const problems = validator.Errors(value).map((error) => `${error.instancePath || '/'} ${error.message}`);
  throw new HubConfigError(`${path}: ${problems.join('; ')}`);
}

function refuseTwins(path: string, hubs: readonly HubConfig[]): void {
  const twin = hubs.find(({ name }, index) => hubs.findIndex((other) => sameName(other.name, name)) < index);
  if (twin === undefined) return;
  throw new HubConfigError(`${path}: hub ${twin.name} is there twice; names do not differ by case`);
}

/**
 * Reads a file such as `{"hubs":[{"name":"orders","partitions":8,"consumerGroups":["oms-core"]}]}`, or the Config.json
 * of the official emulator.
 * @throws {HubConfigError} naming the field at fault
 */
export function readHubFile(path: string): HubFile {
  const value = parseJson(path);
  const emulator = typeof value === 'object' && value !== null && 'UserConfig' in value;
  const file = emulator ? { hubs: hubsOfEmulator(check(emulatorFile, path, value)) } : check(configFile, path, value);
  refuseTwins(path, file.hubs);
  return file;
}

const LISTED = /^([^=]+)=(\d{1,4})$/;
const hubConfig = Compile(HubConfig);

/**
 * Reads hubs from one line: "orders=4,returns=2", each a name and a number of partitions.
 * @throws {HubConfigError} naming the part at fault
 */
export function parseHubList(text: string): HubConfig[] {
  return text.split(',').map((part) => {
    const [, name = '', partitions = ''] = LISTED.exec(part.trim()) ?? [];
    const hub = { name, partitions: Number(partitions) };
    if (hubConfig.Check(hub)) return hub;
    throw new HubConfigError(`hub "${part.trim()}" is not NAME=PARTITIONS, 1 to 1024 partitions, as in orders=4`);
  });
}

/**
 * The hubs of a configuration and of a list.
 * @param file of a configuration; without one the hubs of the data folder are served
 * @param list of hubs to have besides, as `parseHubList` reads it
 * @throws {HubConfigError}
 */
export function hubsToServe(file: string | undefined, list: string | undefined): HubsToServe {
  const configured = file === undefined ? { hubs: [] } : readHubFile(file);
  const listed = list === undefined ? [] : parseHubList(list);
  const hubs = [...configured.hubs, ...listed.map((hub) => ({ ...hub, keepsSettings: true }))];
  refuseTwins('the list of hubs', hubs);
  return { ...configured, hubs };
}
