/** What is said on the first Ctrl-C and on the second. */
export function stoppingLines(environment: string, pid: number | undefined): { first: string[]; second: string[] } {
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
