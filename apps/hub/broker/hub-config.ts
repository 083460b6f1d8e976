import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { CaptureConfig } from '../capture/capture-config.ts';
import { syncFolder, writeFileDurably } from '../storage/folders.ts';
import { RetentionConfig } from '../storage/retention.ts';

const ConsumerGroups = Type.Array(Type.String({ pattern: '^[A-Za-z0-9$][A-Za-z0-9._-]{0,49}$' }));

const HubConfig = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$' }),
    partitions: Type.Integer({ minimum: 1, maximum: 1024 }),
    consumerGroups: Type.Optional(ConsumerGroups),
    retention: Type.Optional(RetentionConfig),
    capture: Type.Optional(CaptureConfig),
  },
  { additionalProperties: false },
);
export type HubConfig = Static<typeof HubConfig>;

/** What can be changed of a hub while it has events. */
export type HubSettings = Pick<HubConfig, 'retention' | 'capture'>;

const ConfigFile = Type.Object({ hubs: Type.Array(HubConfig, { minItems: 1 }) }, { additionalProperties: false });

/** What is kept of a hub in the data folder. `createdAt` is its identity: a hub made anew has another one. */
const StoredHub = Type.Object({
  format: Type.Literal(1),
  name: Type.String(),
  createdAt: Type.String(),
  partitions: Type.Integer({ minimum: 1 }),
  consumerGroups: ConsumerGroups,
  retention: Type.Optional(RetentionConfig),
  capture: Type.Optional(CaptureConfig),
});
export type StoredHub = Static<typeof StoredHub>;

/** A configuration that cannot be used; the message says which file, why, and what to do. */
export class HubConfigError extends Error {
  override readonly name = 'HubConfigError';
}

const configFile = Compile(ConfigFile);
const storedHub = Compile(StoredHub);

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HubConfigError(`${path}: ${(error as Error).message}`);
  }
}

/**
 * Reads a file such as `{"hubs":[{"name":"orders","partitions":8,"consumerGroups":["oms-core"]}]}`.
 * @throws {HubConfigError} naming the field at fault
 */
export function readHubConfig(path: string): HubConfig[] {
  const value = parseJson(path);
  if (configFile.Check(value)) return value.hubs;
  const problems = configFile.Errors(value).map((error) => `${error.instancePath || '/'} ${error.message}`);
  throw new HubConfigError(`${path}: ${problems.join('; ')}`);
}

const FILE = 'hub.json';
const DEFAULT_GROUP = '$default';

/** The folder of a hub's data. Names differ only by case nowhere else, so not here. */
export const hubFolder = (dataDir: string, name: string): string => join(dataDir, 'hubs', name.toLowerCase());

/**
 * Brings the data folder in line with the configuration and answers every hub in it.
 * A hub that is new gets its creation time now; one that is known keeps it.
 * @throws {HubConfigError} when a known hub is asked for with another number of partitions
 */
export function storeHubs(dataDir: string, wanted: readonly HubConfig[]): StoredHub[] {
  const root = join(dataDir, 'hubs');
  mkdirSync(root, { recursive: true });
  for (const config of wanted) storeHub(hubFolder(dataDir, config.name), config);
  syncFolder(root);
  syncFolder(dataDir);
  return readdirSync(root)
    .sort()
    .filter((name) => existsSync(join(root, name, FILE)))
    .map((name) => readStored(join(root, name, FILE)));
}

function storeHub(folder: string, config: HubConfig): void {
  const path = join(folder, FILE);
  const known = existsSync(path) ? readStored(path) : null;
  if (known !== null && known.partitions !== config.partitions) {
    throw new HubConfigError(
      `hub ${config.name} has ${known.partitions} partitions in ${folder} but ${config.partitions} in the configuration; ` +
        'partition keys would move. Keep the number, use another name, or move the folder away to start empty.',
    );
  }
  const consumerGroups = withDefault(config.consumerGroups ?? []);
  const hub: StoredHub = {
    format: 1,
    name: config.name,
    createdAt: known?.createdAt ?? new Date().toISOString(),
    partitions: config.partitions,
    consumerGroups,
    ...(config.retention && { retention: config.retention }),
    ...(config.capture && { capture: config.capture }),
  };
  if (JSON.stringify(hub) === JSON.stringify(known)) return;
  mkdirSync(folder, { recursive: true });
  writeFileDurably(path, `${JSON.stringify(hub)}\n`);
}

const withDefault = (groups: readonly string[]): string[] => [
  DEFAULT_GROUP,
  ...groups.filter((group) => group.toLowerCase() !== DEFAULT_GROUP),
];

function readStored(path: string): StoredHub {
  const value = parseJson(path);
  if (storedHub.Check(value)) return value;
  throw new HubConfigError(
    `${path} is not the description of a hub; restore it, or move the folder away to start empty`,
  );
}
