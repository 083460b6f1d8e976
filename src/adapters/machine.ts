import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { removeContainer, stopContainer } from './database-server/docker.ts';
import { fetchServer } from './database-server/packages.ts';
import { prepareDatabase } from './database-server/prepare.ts';
import { surveyDatabaseServers } from './database-server/survey.ts';
import { saveImageArchive } from './docker/images.ts';
import { findVersion } from './exec/find-version.ts';
import { appendLine } from './files/append-line.ts';
import { imagesFolder, packageVersion, templateFolder } from './files/assets.ts';
import { readJson, writeJson, writeText } from './files/json.ts';
import { lockHolder, withLock } from './files/lock.ts';
import { followLines, tailLines } from './files/log-lines.ts';
import { strangersIn, syncFolder } from './files/sync-folder.ts';
import { requestJson } from './http/json-request.ts';
import { findFreePort, findPortOwner, isPortFree } from './net/ports.ts';
import { probe } from './net/probe.ts';
import { resolveName } from './net/resolve.ts';
import { servedCertificate } from './net/served-certificate.ts';
import { appEntry, blobServiceEntry } from './processes/entries.ts';
import { runForeground } from './processes/foreground.ts';
import { residentBytes } from './processes/memory.ts';
import { standStill } from './processes/stand-still.ts';
import { reloadSupervisor, startSupervisor } from './processes/supervisor.ts';

/** The machine the local stack runs on, as the stages see it; a test hands in parts of its own. */
export interface Machine {
  readJson: typeof readJson;
  writeJson: typeof writeJson;
  writeText: typeof writeText;
  appendLine: typeof appendLine;
  /** Makes a folder that only its owner may enter. */
  makeFolder(folder: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  exists(path: string): boolean;
  freeDiskBytes(folder: string): Promise<number | undefined>;
  randomSecret(bytes: number): string;
  withLock: typeof withLock;
  lockHolder: typeof lockHolder;
  templateFolder: typeof templateFolder;
  imagesFolder: typeof imagesFolder;
  packageVersion: typeof packageVersion;
  syncFolder: typeof syncFolder;
  strangersIn: typeof strangersIn;
  isPortFree: typeof isPortFree;
  findFreePort: typeof findFreePort;
  findPortOwner: typeof findPortOwner;
  probe: typeof probe;
  requestJson: typeof requestJson;
  resolveName: typeof resolveName;
  servedCertificate: typeof servedCertificate;
  appEntry: typeof appEntry;
  blobServiceEntry: typeof blobServiceEntry;
  residentBytes: typeof residentBytes;
  standStill: typeof standStill;
  tailLines: typeof tailLines;
  followLines: typeof followLines;
  findVersion: typeof findVersion;
  surveyDatabaseServers: typeof surveyDatabaseServers;
  fetchServer: typeof fetchServer;
  runForeground: typeof runForeground;
  startSupervisor: typeof startSupervisor;
  reloadSupervisor: typeof reloadSupervisor;
  prepareDatabase: typeof prepareDatabase;
  stopContainer: typeof stopContainer;
  removeContainer: typeof removeContainer;
  saveImageArchive: typeof saveImageArchive;
}

async function freeDiskBytes(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    (info) => info.bavail * info.bsize,
    () => undefined,
  );
}

export function createMachine(): Machine {
  return {
    readJson,
    writeJson,
    writeText,
    appendLine,
    makeFolder: async (folder) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    },
    removeFolder: (folder) => rm(folder, { recursive: true, force: true }),
    exists: existsSync,
    freeDiskBytes,
    randomSecret: (bytes) => randomBytes(bytes).toString('base64url'),
    withLock,
    lockHolder,
    templateFolder,
    imagesFolder,
    packageVersion,
    syncFolder,
    strangersIn,
    isPortFree,
    findFreePort,
    findPortOwner,
    probe,
    requestJson,
    resolveName,
    servedCertificate,
    appEntry,
    blobServiceEntry,
    residentBytes,
    standStill,
    tailLines,
    followLines,
    findVersion,
    surveyDatabaseServers,
    fetchServer,
    runForeground,
    startSupervisor,
    reloadSupervisor,
    prepareDatabase,
    stopContainer,
    removeContainer,
    saveImageArchive,
  };
}
