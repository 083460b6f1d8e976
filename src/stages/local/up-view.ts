import type { UpResult } from './up.ts';

/** The addresses of the stack and what to do with it. */
export function renderUp(result: UpResult): string {
  const headline = result.started.length > 0 ? 'The local stack is up.' : 'The local stack is already running.';
  const addresses: [string, string][] = [
    ['Shop', result.pagesUrl],
    ['Console', `${result.consoleUrl}, any name, password: adminToken in ${result.secretsFile}`],
    ['Order API', result.producerUrl],
    ['Event hub', `amqp://localhost:${result.hubPort}, ${result.hubHttpUrl}`],
    ['Database', result.databasePort === null ? 'your own' : `127.0.0.1:${result.databasePort}`],
    ['Blobs', result.blobUrl],
    ['Mail', result.mailFolder],
    ['Sandbox', `${result.sandboxUrl}, stands in for payments and carriers`],
  ];
  const lines = addresses.map(([name, address]) => `  ${name.padEnd(10)} ${address}`);
  return [headline, ...lines, 'Next: oms seed, then oms simulate; oms status; oms down'].join('\n');
}
