import { Flags } from '@oclif/core';
import { parseEmail, parseUuid } from './azure-values.ts';
import { each, file, parseBackupTime, parseServer, parseTimeZone, several } from './deploy-values.ts';
import { parseDomain, parseHome, parseHosts, parsePrivateAddress } from './host-list.ts';
import { environmentFlag } from './provision-flags.ts';
import { parseChoice, parseCount } from './quantities.ts';

const port = (flag: string) => ({ min: 1, max: 65_535, unit: 'as a port', example: `${flag} 8443` });
const replicas = (flag: string) => ({ min: 1, max: 20, unit: 'replicas', example: `${flag} 3` });

const EVENTS = ['azure', 'local'] as const;
const PAYMENTS = ['sandbox', 'stripe'] as const;
const TARGETS = ['servers', 'local'] as const;

/** Servers, and how one gets there. */
export const placeFlags = {
  env: environmentFlag('OMS_DEPLOY_ENV'),
  target: Flags.custom<(typeof TARGETS)[number]>({
    env: 'OMS_DEPLOY_TARGET',
    summary: 'servers over SSH, or the Docker of this machine (default servers)',
    helpValue: TARGETS.join('|'),
    parse: async (text) => parseChoice(text, TARGETS, '--target local'),
  })(),
  hosts: Flags.custom<ReturnType<typeof parseHosts>>({
    env: 'OMS_DEPLOY_HOSTS',
    summary: 'one server, or several with what they carry: web=deploy@h1,app=deploy@h2,data=deploy@h3:2222',
    helpValue: 'LIST',
    parse: async (text) => parseHosts(text),
  })(),
  'private-address': Flags.custom<ReturnType<typeof parsePrivateAddress>[]>({
    ...several,
    env: 'OMS_DEPLOY_PRIVATE_ADDRESS',
    summary: 'where the other servers reach a server, when that is another network',
    helpValue: 'HOST=ADDRESS',
    parse: each(parsePrivateAddress),
  })(),
  identity: Flags.string({
    env: 'OMS_DEPLOY_IDENTITY',
    summary: 'private key for SSH (default what ssh itself takes)',
    helpValue: 'FILE',
    parse: file('--identity'),
  }),
  home: Flags.string({
    env: 'OMS_DEPLOY_HOME',
    summary: 'folder on the servers; it can never be changed (default /opt/oms)',
    helpValue: 'FOLDER',
    parse: async (text) => parseHome(text),
  }),
};

/** What customers see of it. */
export const shopFlags = {
  domain: Flags.custom<string[]>({
    ...several,
    env: 'OMS_DEPLOY_DOMAIN',
    summary: 'name the shop is reached by; the first one is in links',
    helpValue: 'NAME',
    parse: each(parseDomain),
  })(),
  'acme-email': Flags.string({
    env: 'OMS_DEPLOY_ACME_EMAIL',
    summary: "certificates by Let's Encrypt, which writes to this address",
    helpValue: 'ADDRESS',
    parse: async (text) => parseEmail(text, '--acme-email'),
    exclusive: ['certificate', 'self-signed'],
  }),
  'acme-server': Flags.string({
    env: 'OMS_DEPLOY_ACME_SERVER',
    summary: "another ACME server than Let's Encrypt",
    helpValue: 'URL',
    parse: async (text) => parseServer(text),
    exclusive: ['certificate', 'self-signed'],
  }),
  certificate: Flags.string({
    env: 'OMS_DEPLOY_CERTIFICATE',
    summary: 'certificate of the shop with its chain (PEM)',
    helpValue: 'FILE',
    parse: file('--certificate'),
    dependsOn: ['certificate-key'],
    exclusive: ['self-signed'],
  }),
  'certificate-key': Flags.string({
    env: 'OMS_DEPLOY_CERTIFICATE_KEY',
    summary: 'its private key (PEM, not encrypted)',
    helpValue: 'FILE',
    parse: file('--certificate-key'),
    dependsOn: ['certificate'],
  }),
  'self-signed': Flags.boolean({
    env: 'OMS_DEPLOY_SELF_SIGNED',
    summary: 'a certificate that nobody vouches for, for a trial',
  }),
  'http-port': Flags.integer({
    env: 'OMS_DEPLOY_HTTP_PORT',
    summary: 'port that redirects to https (default 80)',
    helpValue: 'PORT',
    parse: async (text) => parseCount(text, port('--http-port')),
  }),
  'https-port': Flags.integer({
    env: 'OMS_DEPLOY_HTTPS_PORT',
    summary: 'port of the shop (default 443)',
    helpValue: 'PORT',
    parse: async (text) => parseCount(text, port('--https-port')),
  }),
};

/** What it works with. */
export const partsFlags = {
  events: Flags.custom<(typeof EVENTS)[number]>({
    env: 'OMS_DEPLOY_EVENTS',
    summary: "the namespace of oms provision, or a hub of the site's own; it can never be changed",
    helpValue: EVENTS.join('|'),
    parse: async (text) => parseChoice(text, EVENTS, '--events local'),
  })(),
  'azure-certificate': Flags.string({
    env: 'OMS_DEPLOY_AZURE_CERTIFICATE',
    summary: 'key and certificate (one PEM) that sign in to Event Hubs',
    helpValue: 'FILE',
    parse: file('--azure-certificate'),
  }),
  'client-id': Flags.string({
    env: 'OMS_DEPLOY_CLIENT_ID',
    summary: 'of the application that signs in (default what az says)',
    helpValue: 'ID',
    parse: async (text) => parseUuid(text, '--client-id'),
  }),
  payments: Flags.custom<(typeof PAYMENTS)[number]>({
    env: 'OMS_DEPLOY_PAYMENTS',
    summary: 'the sandbox takes no money (default sandbox)',
    helpValue: PAYMENTS.join('|'),
    parse: async (text) => parseChoice(text, PAYMENTS, '--payments stripe'),
  })(),
  'replicas-producer': Flags.integer({
    env: 'OMS_DEPLOY_REPLICAS_PRODUCER',
    summary: 'order APIs on each server of app (default 2)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, replicas('--replicas-producer')),
  }),
  'replicas-consumer': Flags.integer({
    env: 'OMS_DEPLOY_REPLICAS_CONSUMER',
    summary: 'consumers on each server of app (default 2)',
    helpValue: 'NUMBER',
    parse: async (text) => parseCount(text, replicas('--replicas-consumer')),
  }),
  timezone: Flags.custom<string>({
    env: 'OMS_DEPLOY_TIMEZONE',
    summary: "the shop's time zone, where the days and weeks of its figures begin (default UTC)",
    helpValue: 'ZONE',
    parse: async (text) => parseTimeZone(text),
  })(),
  'backup-at': Flags.custom<string | null>({
    env: 'OMS_DEPLOY_BACKUP_AT',
    summary: "when the database's server backs itself up every night, by its clock (default 01:30; off for none)",
    helpValue: 'HH:MM|off',
    parse: async (text) => parseBackupTime(text),
  })(),
  observability: Flags.boolean({
    env: 'OMS_DEPLOY_OBSERVABILITY',
    summary: 'Prometheus and Grafana beside it (--no-observability takes them away)',
    allowNo: true,
  }),
};
