import { fileURLToPath } from 'node:url';
import type { Host, Site } from '../../src/stages/deploy/site.ts';

export const TRAEFIK_TEMPLATES = fileURLToPath(new URL('../../templates/compose/traefik/', import.meta.url));

export const testHost = (name: string, values: Partial<Host> = {}): Host => ({
  name,
  connection: 'ssh',
  address: '192.0.2.10',
  privateAddress: null,
  port: 22,
  user: 'deploy',
  groups: ['web', 'app', 'data'],
  ...values,
});

/** One server that carries everything, with two producers. */
export const testSite = (values: Partial<Site> = {}): Site => ({
  version: 1,
  name: 'demo',
  hosts: [testHost('shop-1')],
  identityFile: null,
  home: '/opt/oms',
  domains: ['shop.example'],
  certificates: { kind: 'files', certificate: '/tmp/cert.pem', key: '/tmp/key.pem' },
  ports: { http: 80, https: 443 },
  events: { kind: 'local' },
  payments: 'sandbox',
  replicas: { producer: 2, consumer: 2 },
  observability: false,
  ...values,
});
