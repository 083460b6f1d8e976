import { spawn } from 'node:child_process';
import { oracle } from './oracle.ts';
import { startModelStandin } from './server.ts';

/** Runs a command with the model that knows the given questions; the model ends with it. */
const [command, ...args] = process.argv.slice(2);
if (!command) throw new Error('usage: node test/standins/model/main.ts COMMAND [ARGUMENT ...]');
const standin = await startModelStandin({ answer: oracle });
const env = { OMS_AI_PROVIDER: 'compatible', OMS_AI_BASE_URL: standin.url, OMS_AI_MODEL: 'stand-in' };
const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  void standin.close();
});
