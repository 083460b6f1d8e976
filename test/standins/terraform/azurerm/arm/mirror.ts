import type { ObjectValue } from '../../values.ts';
import { type ArmClient, createArmClient } from './client.ts';
import { EVENT_HUB_MAPPINGS } from './event-hubs.ts';
import { given, readFields, same, writeFields } from './fields.ts';
import type { Mapping, Part } from './mapping.ts';
import { STORAGE_MAPPINGS } from './storage.ts';

const RESOURCE_GROUP: Mapping = {
  apiVersion: '2021-04-01',
  parts: [{ suffix: '', fields: [given('location', 'location'), same('tags', 'tags')] }],
};

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  azurerm_resource_group: RESOURCE_GROUP,
  ...EVENT_HUB_MAPPINGS,
  ...STORAGE_MAPPINGS,
};

/** Keeps the stand-in of Azure Resource Manager like Terraform's state; types it does not map are left alone. */
export interface Mirror {
  /** @returns the state with what is there now; null when it is gone. */
  read(type: string, state: ObjectValue): Promise<ObjectValue | null>;
  write(type: string, prior: ObjectValue | null, state: ObjectValue): Promise<void>;
  remove(type: string, state: ObjectValue): Promise<void>;
}

const isUsed = ({ only }: Part, value: ObjectValue) => only === undefined || (value[only] as unknown[] | null)?.length;

/** Without a url nothing is mirrored. */
export function createMirror(url: string | undefined): Mirror {
  if (url === undefined) {
    return { read: async (_type, state) => state, write: async () => undefined, remove: async () => undefined };
  }
  const client = createArmClient(url);
  return {
    async read(type, state) {
      const mapping = MAPPINGS[type];
      return mapping ? readParts(client, mapping, state) : state;
    },
    async write(type, prior, state) {
      const mapping = MAPPINGS[type];
      if (mapping) await writeParts(client, mapping, prior, state);
    },
    async remove(type, state) {
      const mapping = MAPPINGS[type];
      if (!mapping) return;
      const id = String(state.id);
      await client.remove(id, mapping.apiVersion, await mapping.beforeDelete?.(client, id));
    },
  };
}

async function readParts(client: ArmClient, mapping: Mapping, state: ObjectValue): Promise<ObjectValue | null> {
  let next = state;
  for (const part of mapping.parts) {
    const answer = await client.get(`${state.id}${part.suffix}`, mapping.apiVersion);
    if (answer === undefined || mapping.isGone?.(answer.body)) return part.suffix === '' ? null : next;
    if (isUsed(part, state)) next = readFields(part.fields, answer.body, next);
  }
  return next;
}

async function writeParts(client: ArmClient, mapping: Mapping, prior: ObjectValue | null, state: ObjectValue) {
  for (const part of mapping.parts.filter((one) => isUsed(one, state))) {
    await client.put(`${state.id}${part.suffix}`, mapping.apiVersion, writeFields(part.fields, state));
  }
  if (state.locked === true && prior?.locked !== true) await mapping.locked?.(client, String(state.id));
}
