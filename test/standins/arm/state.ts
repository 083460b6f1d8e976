import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './http.ts';

/** A resource as a GET answers it. */
export interface Resource extends Json {
  id: string;
  name: string;
  type: string;
  properties: Json;
}

/** Something that has been accepted and is not done yet. */
export interface Operation {
  resourceId: string;
  form: LongRunningForm;
  what: 'put' | 'delete';
  /** Polls until it is done. */
  left: number;
  /** It ends with this error instead. */
  error?: { code: string; message: string } | undefined;
}

/** The three ways in which Azure Resource Manager tells how far a long-running operation is. */
export type LongRunningForm = 'body' | 'async' | 'location';

export type Registration = 'Registered' | 'Registering' | 'NotRegistered';

/** Everything the stand-in remembers; keys of the records are lower case where Azure ignores case. */
export interface CloudState {
  resources: Record<string, Resource>;
  operations: Record<string, Operation>;
  registrations: Record<string, Registration>;
  deletedVaults: Record<string, Resource>;
  applications: Record<string, Json>;
  servicePrincipals: Record<string, Json>;
  /** Signs the tokens, so that those of another stand-in are refused. */
  tokenKey: string;
}

function emptyState(): CloudState {
  return {
    resources: {},
    operations: {},
    registrations: {},
    deletedVaults: {},
    applications: {},
    servicePrincipals: {},
    tokenKey: randomBytes(32).toString('hex'),
  };
}

/**
 * What an earlier stand-in has left in the folder, or an empty cloud.
 * @returns fresh: nothing was there.
 */
export function openState(folder: string | undefined): { state: CloudState; fresh: boolean; save: () => void } {
  if (!folder) return { state: emptyState(), fresh: true, save: () => undefined };
  const file = join(folder, 'cloud.json');
  mkdirSync(folder, { recursive: true });
  const fresh = !existsSync(file);
  const state = fresh ? emptyState() : (JSON.parse(readFileSync(file, 'utf8')) as CloudState);
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 1), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return { state, fresh, save };
}
