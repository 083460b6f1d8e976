import { join } from 'node:path';

/** Every file and folder of the local stack; nothing of it lies elsewhere, except what was downloaded. */
export interface LocalPaths {
  localDir: string;
  /** Survives `oms down --purge`: nothing is downloaded twice. */
  cacheDir: string;
  logDir: string;
  databaseDir: string;
  /** Statements that the database server runs at every start; mode 0600. */
  databaseStartFile: string;
  blobDir: string;
  hubDir: string;
  /** Mail to customers, as files. */
  mailDir: string;
  portsFile: string;
  secretsFile: string;
  serverFile: string;
  hubConfigFile: string;
  specFile: string;
  stateFile: string;
  lockFile: string;
  supervisorLog: string;
}

/** @param dir the folder of everything of ours (Settings.dir). */
export function localPaths(dir: string): LocalPaths {
  const localDir = join(dir, 'local');
  const logDir = join(localDir, 'logs');
  return {
    localDir,
    cacheDir: join(dir, 'cache'),
    logDir,
    databaseDir: join(localDir, 'database'),
    databaseStartFile: join(localDir, 'database-start.sql'),
    blobDir: join(localDir, 'blob'),
    hubDir: join(localDir, 'hub'),
    mailDir: join(localDir, 'mail'),
    portsFile: join(localDir, 'ports.json'),
    secretsFile: join(localDir, 'secrets.json'),
    serverFile: join(localDir, 'database-server.json'),
    hubConfigFile: join(localDir, 'hub.json'),
    specFile: join(localDir, 'processes.json'),
    stateFile: join(localDir, 'state.json'),
    lockFile: join(localDir, 'up.lock'),
    supervisorLog: join(logDir, 'supervisor.log'),
  };
}

export const logFileOf = (paths: LocalPaths, name: string) => join(paths.logDir, `${name}.log`);
