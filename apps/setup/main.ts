import { readEnv } from '../../lib/runtime/env.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { phaseFrom, runSetup } from './app.ts';
import { SetupEnv } from './env.ts';

try {
  const phase = phaseFrom(process.argv[2]);
  const env = readEnv(SetupEnv);
  const result = await runSetup(phase, {
    databaseUrl: env.OMS_DATABASE_URL,
    reader: { account: env.OMS_READER_ACCOUNT, hosts: env.OMS_DATABASE_CLIENTS.split(',') },
    deadlineMs: env.OMS_SETUP_DEADLINE_SECONDS * 1_000,
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  createLogger('setup').fatal({ err: error }, 'stopped by an error');
  process.exitCode = 1;
}
