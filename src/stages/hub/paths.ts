import { join } from 'node:path';
import { Type } from 'typebox';

/** The files of a hub that runs alone, beside its events. */
export interface HubPaths {
  dataDir: string;
  /** The key that was made for it; mode 0600. */
  keyFile: string;
  /** Where it answers while it runs; mode 0600. */
  runningFile: string;
  /** There once a hub was made. */
  hubsDir: string;
}

/** @param dir the folder of everything of ours (Settings.dir) @param data another folder for the events */
export function hubPaths(dir: string, data: string | undefined): HubPaths {
  const dataDir = data ?? join(dir, 'hub');
  return {
    dataDir,
    keyFile: join(dataDir, 'access-key.json'),
    runningFile: join(dataDir, 'running.json'),
    hubsDir: join(dataDir, 'hubs'),
  };
}

/** Of the shared access key of every hub that we start. */
export const KEY_NAME = 'oms';

/** What a running hub leaves for the commands that speak with it. */
export const RunningHub = Type.Object({
  httpUrl: Type.String(),
  /** null: it lets everybody in. */
  key: Type.Union([Type.String(), Type.Null()]),
});
