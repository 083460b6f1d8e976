import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Host, Site } from '../../src/stages/deploy/site.ts';
import { fakeProgram } from './fake-program.ts';
import { setEnvironment } from './set-environment.ts';
import { tempFolder } from './temp-folder.ts';

/** This machine as a server, which carries everything. */
export const localHost = (parts: Partial<Host> = {}): Host => ({
  ...{
    name: 'shop-1',
    connection: 'local',
    address: '127.0.0.1',
    privateAddress: null,
    port: 22,
    user: 'deploy',
  },
  groups: ['web', 'app', 'data'],
  ...parts,
});

/** A server that refuses every connection. */
export const refusingHost = (parts: Partial<Host> = {}): Host =>
  localHost({ connection: 'ssh', address: '127.0.0.2', port: 1, ...parts });

/** A site of one server, this machine. */
export const aSite = (parts: Partial<Site> = {}): Site => ({
  version: 1,
  name: 'demo',
  hosts: [localHost()],
  identityFile: null,
  home: '/nowhere/oms',
  domains: ['shop.localhost'],
  certificates: { kind: 'self-signed' },
  ports: { http: 80, https: 443 },
  events: { kind: 'local' },
  payments: 'sandbox',
  replicas: { producer: 1, consumer: 1 },
  observability: false,
  timeZone: 'UTC',
  backupAt: '01:30',
  ...parts,
});

/** For {@link withPrograms}: an ssh that runs what it is told on this machine; the server 192.0.2.2 is away. */
export const SSH_OF_TWO = `
case " $* " in *" -O exit "*) exit 0;; *192.0.2.2*) echo "ssh: connect to host 192.0.2.2 port 22: Connection refused" >&2; exit 255;; esac
for last; do :; done
exec sh -c "$last"`;

/** Two servers of one site: this machine by way of {@link SSH_OF_TWO}, and one that is away. */
export const oneOfTwoAway = (here: Partial<Host>, away: Partial<Host>): Host[] => [
  testHost('shop-1', { address: '192.0.2.1', ...here }),
  testHost('shop-2', { address: '192.0.2.2', ...away }),
];

/** A sudo that makes nobody anything else, first on PATH; and more programs where they are given. */
export function withPrograms(t: TestContext, programs: Record<string, string> = {}): string {
  const bin = join(tempFolder(t), 'bin');
  for (const [name, script] of Object.entries({ sudo: 'shift 2; exec "$@"', ...programs })) {
    fakeProgram(join(bin, name), script);
  }
  setEnvironment(t, { PATH: `${bin}:${process.env.PATH}` });
  return bin;
}

/** A server that is only described: nothing answers at its address. */
export const testHost = (name: string, parts: Partial<Host> = {}): Host =>
  localHost({ name, connection: 'ssh', address: '192.0.2.10', ...parts });

/** A site of such a server, with a certificate of its own. */
export const testSite = (parts: Partial<Site> = {}): Site =>
  aSite({
    hosts: [testHost('shop-1')],
    home: '/opt/oms',
    domains: ['shop.example'],
    certificates: { kind: 'files', certificate: '/tmp/cert.pem', key: '/tmp/key.pem' },
    replicas: { producer: 2, consumer: 2 },
    ...parts,
  });
