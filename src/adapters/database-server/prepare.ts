import { existsSync } from 'node:fs';
import { messageOf, OmsError } from '../../errors.ts';
import { type AccountPasswords, accountStatements, startStatements } from '../../tools/mysql-accounts.ts';
import { createContainer } from './docker.ts';
import { initialiseData } from './initialise.ts';
import { fetchServer } from './packages.ts';
import { type ProvideOptions, provideServer, type ServerChoice } from './provide.ts';

export interface PrepareOptions extends ProvideOptions {
  dataDir: string;
  port: number;
  bufferPoolMb: number;
  redoLogMb: number;
  passwords: AccountPasswords & { sandbox: string };
}

const signalOf = ({ signal }: PrepareOptions) => (signal ? { signal } : {});

async function initialise(choice: ServerChoice, options: PrepareOptions): Promise<void> {
  const { dataDir, port, bufferPoolMb, redoLogMb, passwords } = options;
  if (choice.how === 'docker') {
    const statements = accountStatements('mysql', passwords, { keepRoot: true });
    const more = { statements, startStatements: startStatements(passwords.sandbox) };
    await createContainer({ dataDir, port, bufferPoolMb, ...more, ...signalOf(options) });
    return;
  }
  const statements = accountStatements(choice.binary.kind, passwords);
  await initialiseData(choice.binary, { dataDir, redoLogMb, statements, ...signalOf(options) });
}

const isInstalled = (choice: ServerChoice, cacheDir: string) =>
  choice.how === 'program' && !choice.binary.path.startsWith(cacheDir);

/** Where the server's program may not touch our folder (AppArmor confines an installed mysqld), an unpacked one may. */
async function initialiseWithFetched(options: PrepareOptions, reason: unknown): Promise<ServerChoice> {
  options.signal?.throwIfAborted();
  try {
    const binary = await fetchServer(options);
    const choice: ServerChoice = { how: 'program', binary };
    await initialise(choice, options);
    return choice;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new OmsError('process_failed', 'the database could not be initialised', {
      why: `${messageOf(reason)}; with the distribution's package: ${messageOf(error)}`,
      next: ['free disk space or check the rights of the .oms folder, then oms up'],
      cause: reason,
    });
  }
}

/**
 * Finds a server and makes its data folder, unless both are there.
 * @throws {OmsError} tool_missing, process_failed
 */
export async function prepareDatabase(options: PrepareOptions): Promise<ServerChoice> {
  const choice = await provideServer(options);
  const fresh = !existsSync(options.dataDir);
  if (fresh) options.report?.('initialising');
  try {
    await initialise(choice, options);
    return choice;
  } catch (error) {
    if (isInstalled(choice, options.cacheDir) && fresh) return initialiseWithFetched(options, error);
    options.signal?.throwIfAborted();
    throw new OmsError('process_failed', 'the database could not be initialised', {
      why: messageOf(error),
      next: ['free disk space or check the rights of the .oms folder, then oms up'],
      cause: error,
    });
  }
}
