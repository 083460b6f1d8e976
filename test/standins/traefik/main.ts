import { type Log, StandinProxy } from './proxy.ts';
import { loadStatic } from './settings/load.ts';
import type { StaticSettings } from './settings/static.ts';

/** The version whose configuration this stands in for. */
const NAME = 'Stand-in for traefik 3.7.9 (not Traefik)';

const log: Log = (level, message, facts = {}) =>
  void process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), message, ...facts })}\n`);

function configFileOf(argv: readonly string[]): string {
  const options = argv.filter((argument) => !['traefik', 'healthcheck'].includes(argument));
  const unknown = options.find((option) => !/^--configfile=./i.test(option));
  if (unknown) throw new Error(`this stand-in does not know ${unknown}`);
  const [file] = options.map((option) => option.replace(/^--configfile=/i, ''));
  return file ?? '/etc/traefik/traefik.yml';
}

/** As `traefik healthcheck`: whether the proxy of this configuration answers its ping. */
async function healthCheck({ ping, entryPoints }: StaticSettings): Promise<boolean> {
  const [, host, port] = /^(.*):(\d+)$/.exec(entryPoints[ping!.entryPoint]!.address)!;
  return fetch(`http://${host || '127.0.0.1'}:${port}/ping`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--version') || argv.includes('version')) {
    process.stdout.write(`${NAME}\n`);
    return;
  }
  const settings = loadStatic(configFileOf(argv));
  if (argv.includes('healthcheck')) {
    process.exitCode = (await healthCheck(settings)) ? 0 : 1;
    return;
  }
  const proxy = new StandinProxy(settings, log);
  const ports = await proxy.start();
  log('INF', NAME, { ports });
  const stop = () => void proxy.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  log('FTL', error instanceof Error ? error.message : String(error), { standin: NAME });
  process.exitCode = 1;
});
