import { createHash } from 'node:crypto';
import { sharedSettings } from './mysqld.ts';

/** The database server in a container, where no server program can be had. */
const DATABASE_IMAGE = 'mysql:8.4';
/** Inside the container. */
const START_FILE = '/oms-start.sql';

/** One container a data folder: several checkouts do not get in each other's way. */
export function containerName(dataDir: string): string {
  return `oms-database-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
}

/**
 * Makes the container, without starting it. The image runs what lies in its init folder once, in an empty data
 * folder, and the server runs its start file every time.
 * @param user "uid:gid" that shall own the files, so that they can be removed without root.
 */
export function createContainerArguments(options: {
  dataDir: string;
  initFile: string;
  startFile: string;
  port: number;
  user: string;
  bufferPoolMb: number;
}): string[] {
  return [
    'create',
    `--name=${containerName(options.dataDir)}`,
    `--user=${options.user}`,
    `--publish=127.0.0.1:${options.port}:3306`,
    `--volume=${options.dataDir}:/var/lib/mysql`,
    `--volume=${options.initFile}:/docker-entrypoint-initdb.d/oms.sql:ro`,
    `--volume=${options.startFile}:${START_FILE}:ro`,
    // The image's own start-up needs root, so it stays, inside the container only and with a password nobody learns.
    '--env=MYSQL_RANDOM_ROOT_PASSWORD=yes',
    '--env=MYSQL_ROOT_HOST=localhost',
    DATABASE_IMAGE,
    ...sharedSettings(options.bufferPoolMb),
    `--init-file=${START_FILE}`,
  ];
}

/** Starts the container, or joins it when it runs already; ends with it. */
export const startContainerArguments = (dataDir: string) => ['start', '--attach', containerName(dataDir)];

export const stopContainerArguments = (dataDir: string) => ['stop', '--time=20', containerName(dataDir)];

export const removeContainerArguments = (dataDir: string) => ['rm', '--force', containerName(dataDir)];
