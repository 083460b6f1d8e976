import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { WITHHOLDING } from './boot-script.ts';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Of a login shell: this machine's own environment stays outside. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};

/** Runs a command as root in the namespaces of a server. */
export async function execInside(init: number, argv: readonly string[], input = ''): Promise<Outcome> {
  const enter = [
    '--target',
    String(init),
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--cgroup',
    '--root',
    '--wdns=/',
  ];
  const child = spawn('nsenter', [...enter, '--', ...WITHHOLDING, ...argv], {
    stdio: 'pipe',
    env: ENVIRONMENT,
    // A command that nobody waits for any more goes with its server; a terminal's Ctrl-C does not reach it.
    detached: true,
  });
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: (code as number | null) ?? -1, stdout, stderr };
}
