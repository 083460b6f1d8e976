import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { CaptureConfig } from '../capture/capture-config.ts';
import { syncFolder, writeFileDurably } from '../storage/folders.ts';
import { RetentionConfig } from '../storage/retention.ts';
import {
  DEFAULT_GROUP,
  distinct,
  GroupName,
  type HubConfig,
  HubConfigError,
  sameName,
  type WantedHub,
} from './hub-config.ts';

/** What is kept of a hub in the data folder. `createdAt` is its identity: a hub made anew has another one. */
const StoredHub = Type.Object({
  format: Type.Literal(1),
  name: Type.String(),
  createdAt: Type.String(),
  partitions: Type.Integer({ minimum: 1 }),
  consumerGroups: Type.Array(GroupName),
  /** Those of them that were made while the hub ran: they outlast a configuration that does not name them. */
  addedGroups: Type.Optional(Type.Array(GroupName)),
  retention: Type.Optional(RetentionConfig),
  capture: Type.Optional(CaptureConfig),
});
export type StoredHub = Static<typeof StoredHub>;

const storedHub = Compile(StoredHub);
const FILE = 'hub.json';
/** A dot begins no hub's name. */
const REMOVED = '.removed-';

const rootOf = (dataDir: string): string => join(dataDir, 'hubs');

/** The folder of a hub's data. Names differ only by case nowhere else, so not here. */
export const hubFolder = (dataDir: string, name: string): string => join(rootOf(dataDir), name.toLowerCase());

/**
 * Brings the data folder in line with the configuration and answers every hub in it.
 * A hub that is new gets its creation time now; one that is known keeps it, and the groups it was given while it ran.
 * @throws {HubConfigError} when a known hub is asked for with another number of partitions
 */
export function storeHubs(dataDir: string, wanted: readonly WantedHub[]): StoredHub[] {
  const root = rootOf(dataDir);
  mkdirSync(root, { recursive: true });
  sweep(root);
  for (const config of wanted) {
    const known = findStored(dataDir, config.name);
    const settings = config.keepsSettings ? pick({ retention: known?.retention, capture: known?.capture }) : {};
    store(dataDir, merge({ ...config, ...settings }, known, known?.addedGroups ?? []), known);
  }
  syncFolder(root);
  syncFolder(dataDir);
  return readdirSync(root)
    .sort()
    .filter((name) => existsSync(join(root, name, FILE)))
    .map((name) => readStored(join(root, name, FILE)));
}

/**
 * Makes a hub, or changes the one of that name: what is not said stays as it is, groups are added.
 * @throws {HubConfigError} when it is there with another number of partitions
 */
export function putStored(dataDir: string, config: HubConfig): StoredHub {
  const known = findStored(dataDir, config.name);
  const { retention, capture, consumerGroups = [] } = config;
  const added = distinct([...(known?.addedGroups ?? []), ...consumerGroups]);
  const groups = distinct([...(known?.consumerGroups ?? []), ...consumerGroups]);
  const wanted = {
    ...config,
    consumerGroups: groups,
    ...pick({ retention: retention ?? known?.retention, capture: capture ?? known?.capture }),
  };
  return store(dataDir, merge(wanted, known, added), known);
}

/** Takes a consumer group away; one that the configuration names is back at the next start. */
export function removeGroup(dataDir: string, name: string, group: string): StoredHub {
  const known = findStored(dataDir, name)!;
  const others = (groups: readonly string[] = []) => groups.filter((other) => !sameName(other, group));
  const { addedGroups, consumerGroups } = known;
  return store(dataDir, merge({ ...known, consumerGroups: others(consumerGroups) }, known, others(addedGroups)), known);
}

/** Removes a hub with its events: as a whole, also when the power goes in the middle of it. */
export function removeStored(dataDir: string, name: string): void {
  const root = rootOf(dataDir);
  renameSync(hubFolder(dataDir, name), join(root, `${REMOVED}${randomUUID()}`));
  syncFolder(root);
  sweep(root);
}

/** What a removal that was cut off has left. */
function sweep(root: string): void {
  for (const name of readdirSync(root)) {
    if (name.startsWith(REMOVED)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

const pick = (settings: { retention: HubConfig['retention']; capture: HubConfig['capture'] }) => ({
  ...(settings.retention && { retention: settings.retention }),
  ...(settings.capture && { capture: settings.capture }),
});

function merge(config: HubConfig, known: StoredHub | null, addedGroups: readonly string[]): StoredHub {
  const { name, partitions, consumerGroups = [], retention, capture } = config;
  if (known !== null && known.partitions !== partitions) throw otherPartitions(name, known.partitions, partitions);
  return {
    format: 1,
    name: known?.name ?? name,
    createdAt: known?.createdAt ?? new Date().toISOString(),
    partitions,
    consumerGroups: distinct([DEFAULT_GROUP, ...consumerGroups, ...addedGroups]),
    ...(addedGroups.length > 0 && { addedGroups: [...addedGroups] }),
    ...pick({ retention, capture }),
  };
}

const otherPartitions = (name: string, has: number, wanted: number): HubConfigError =>
  new HubConfigError(
    `hub ${name} has ${has} partitions but ${wanted} are asked for; partition keys would move. ` +
      'Keep the number, use another name, or remove the hub first, which removes its events.',
  );

function store(dataDir: string, hub: StoredHub, known: StoredHub | null): StoredHub {
  if (JSON.stringify(hub) === JSON.stringify(known)) return hub;
  const folder = hubFolder(dataDir, hub.name);
  mkdirSync(folder, { recursive: true });
  writeFileDurably(join(folder, FILE), `${JSON.stringify(hub)}\n`);
  syncFolder(rootOf(dataDir));
  return hub;
}

/** @returns null when there is no such hub */
function findStored(dataDir: string, name: string): StoredHub | null {
  const path = join(hubFolder(dataDir, name), FILE);
  return existsSync(path) ? readStored(path) : null;
}

function readStored(path: string): StoredHub {
  const value = parse(path);
  if (storedHub.Check(value)) return value;
  throw new HubConfigError(
    `${path} is not the description of a hub; restore it, or move the folder away to start empty`,
  );
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HubConfigError(`${path}: ${(error as Error).message}`);
  }
}
