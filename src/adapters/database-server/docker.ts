import { mkdir, writeFile } from 'node:fs/promises';
import {
  createContainerArguments,
  removeContainerArguments,
  stopContainerArguments,
} from '../../tools/docker-database.ts';
import { run } from '../exec/run.ts';

/** Whether a Docker daemon answers; the client alone is of no use. */
export async function isDockerUsable(signal?: AbortSignal): Promise<boolean> {
  const timeout = AbortSignal.timeout(5_000);
  return run({
    file: 'docker',
    args: ['version', '--format', '{{.Server.Version}}'],
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).then(
    () => true,
    () => false,
  );
}

export interface ContainerOptions {
  dataDir: string;
  port: number;
  bufferPoolMb: number;
  /** Run once, in an empty data folder. */
  statements: readonly string[];
  /** Run at every start. */
  startStatements: readonly string[];
  signal?: AbortSignal;
}

/** Makes the container anew around its data folder, which outlives it. */
export async function createContainer(options: ContainerOptions): Promise<void> {
  const initFile = `${options.dataDir}.init.sql`;
  const startFile = `${options.dataDir}.start.sql`;
  await mkdir(options.dataDir, { recursive: true });
  // The image reads them as another user, so they cannot be 0600; the folder around them lets nobody else in.
  await writeFile(initFile, `${options.statements.join('\n')}\n`, { mode: 0o644 });
  await writeFile(startFile, `${options.startStatements.join('\n')}\n`, { mode: 0o644 });
  await removeContainer(options.dataDir);
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const { dataDir, port, bufferPoolMb } = options;
  await run({
    file: 'docker',
    args: createContainerArguments({ dataDir, initFile, startFile, port, user, bufferPoolMb }),
    ...(options.signal && { signal: options.signal }),
  });
}

/** Stops the container, should one run. */
export async function stopContainer(dataDir: string): Promise<void> {
  await run({ file: 'docker', args: stopContainerArguments(dataDir) }).catch(() => undefined);
}

export async function removeContainer(dataDir: string): Promise<void> {
  await run({ file: 'docker', args: removeContainerArguments(dataDir) }).catch(() => undefined);
}
