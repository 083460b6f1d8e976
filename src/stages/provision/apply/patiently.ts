import type { Context } from '../../../context.ts';

/** What is said on the first Ctrl-C and on the second. */
function stoppingLines(environment: string, pid: number | undefined): { first: string[]; second: string[] } {
  const terraform = pid === undefined ? 'Terraform' : `Terraform (process ${pid})`;
  return {
    first: [
      'Terraform is stopping: it finishes or gives up what it has begun, writes down what there is, and releases its lock.',
      'That can take minutes. Ctrl-C again says what happens otherwise.',
    ],
    second: [
      `${terraform} still holds the lock of the state; killed now it would leave the lock and forget what it has just made.`,
      'A third Ctrl-C leaves oms alone: Terraform goes on stopping by itself.',
      `Should the lock stay although no Terraform runs any more: oms provision --env ${environment} --unlock ID`,
      '(the next run names the ID)',
    ],
  };
}

/**
 * Lets Terraform work under its lock, and says on Ctrl-C what it is waited for.
 * @param say where the lines go: not to the terminal itself while steps are drawn.
 * @param work gets a listener for Terraform's process.
 */
export async function patiently<T>(
  environment: string,
  say: (lines: readonly string[]) => void,
  context: Pick<Context, 'signal' | 'onInsist'>,
  work: (onStart: (pid: number) => void) => Promise<T>,
): Promise<T> {
  let pid: number | undefined;
  let stopping = false;
  const stop = () => {
    stopping = true;
    say(stoppingLines(environment, pid).first);
  };
  context.signal.addEventListener('abort', stop, { once: true });
  context.onInsist(() => {
    if (stopping) say(stoppingLines(environment, pid).second);
  });
  try {
    return await work((started) => {
      pid = started;
    });
  } finally {
    stopping = false;
    context.signal.removeEventListener('abort', stop);
  }
}
