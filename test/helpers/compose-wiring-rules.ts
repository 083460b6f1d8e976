import type { TObject } from 'typebox';
import { ConsumerEnv } from '../../apps/consumer/env.ts';
import { HubEnv } from '../../apps/hub/env.ts';
import { NotifierEnv } from '../../apps/notifier/env.ts';
import { ProducerEnv } from '../../apps/producer/env.ts';
import { SandboxEnv } from '../../apps/sandbox/env.ts';
import { SetupEnv } from '../../apps/setup/env.ts';
import { WebEnv } from '../../apps/web/env.ts';
import { SECRETS, SERVICES, type Secret, type Service, USERS } from '../../src/stages/deploy/services.ts';
import { type ComposeRule, type ComposeService, type ComposeStack, eachService } from './compose-template.ts';

const groupOf = (name: string) => (SERVICES as Record<string, Service>)[name]?.group;
const networksOf = ({ networks = {} }: ComposeService): string[] => Object.keys(networks);

/** Services that customers' requests run through first. */
const WEB_TIER = ['web1', 'web2', 'web3', 'pages1', 'pages2'];
/** Where the data is. */
const DATA_TIER = ['mysql', 'hub', 'blobs'];

const SCHEMAS: Record<string, TObject> = {
  'producer.js': ProducerEnv,
  'consumer.js': ConsumerEnv,
  'notifier.js': NotifierEnv,
  'setup.js': SetupEnv,
  'sandbox.js': SandboxEnv,
  'hub.js': HubEnv,
  'pages.js': WebEnv,
};
/** Read by Node and by the SDK of Azure. */
const OTHERS_VARIABLES = /^(NODE_ENV|AZURE_(TENANT_ID|CLIENT_ID|CLIENT_CERTIFICATE_PATH))$/;

function variableFaults({ command = [], environment = {} }: ComposeService): string[] {
  const schema = SCHEMAS[command.find((word) => word.endsWith('.js')) ?? ''];
  if (!schema) return [];
  const given = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
  const strange = given.filter((name) => !(name in schema.properties) && !OTHERS_VARIABLES.test(name));
  const missing = (schema.required ?? []).filter(
    (name) => !given.includes(name) && !('default' in (schema.properties[name] as object)),
  );
  return [...strange.map((name) => `nothing reads ${name}`), ...missing.map((name) => `${name} is missing`)];
}

/** Words in the name of a variable whose value would be a secret. */
const SECRET_NAME = /PASSWORD|SECRET|TOKEN|_KEY$|CONNECTION_STRING|DATABASE_URL|SMTP_URL|ACCOUNTS?$/;
/** An https address, and the name of a database account. */
const NO_SECRET = /^\$\{OMS_BLOB_ACCOUNT:\?https address/;

const isPlainSecret = (name: string, value: string): boolean =>
  SECRET_NAME.test(name) && !NO_SECRET.test(value) && !/(_FILE|__FILE|_KEY_NAME)$/.test(name);

function secretFaults({ environment = {}, secrets = [], user = '' }: ComposeService, name: string): string[] {
  const mounted = secrets.map((secret) => [secret, (SECRETS as Record<string, Secret>)[secret]] as const);
  const files = Object.entries(environment).filter(([, value]) => String(value).startsWith('/run/secrets/'));
  return [
    ...mounted.filter(([, spec]) => !spec).map(([secret]) => `secret ${secret} is not in services.ts`),
    ...mounted
      .filter(([, spec]) => spec && USERS[spec.user] !== Number(user.split(':')[0]))
      .map(([secret]) => `cannot read ${secret}, which is another user's`),
    ...mounted
      .filter(([, spec]) => spec && spec.group !== groupOf(name))
      .map(([secret, spec]) => `${secret} is on servers of the group ${spec!.group} only`),
    ...files
      .filter(([, file]) => !secrets.includes(file.slice('/run/secrets/'.length)))
      .map(([variable]) => `${variable} names a secret that is not mounted`),
    ...Object.entries(environment)
      .filter(([variable, value]) => isPlainSecret(variable, String(value)))
      .map(([variable]) => `${variable} would hold a secret`),
  ];
}

const shared = (stack: ComposeStack, a: string, b: string): string[] =>
  networksOf(stack.services[a] ?? {}).filter((network) => networksOf(stack.services[b] ?? {}).includes(network));

const isInternal = ({ networks }: ComposeStack, network: string): boolean => networks[network]?.internal === true;

/** Who can talk to whom, and who is told what. */
export const WIRING_RULES: Readonly<Record<string, ComposeRule>> = {
  webTierCannotReachData: ({ all }) =>
    [...WEB_TIER, 'traefik', 'grafana', 'prometheus'].flatMap((one) =>
      ['mysql', 'blobs'].flatMap((data) =>
        shared(all, one, data).map((network) => `${one}: shares the network ${network} with ${data}`),
      ),
    ),
  webTierHasNoWayOut: ({ all }) =>
    WEB_TIER.flatMap((name) =>
      networksOf(all.services[name] ?? {})
        .filter((network) => !isInternal(all, network))
        .map((network) => `${name}: gets out by the network ${network}`),
    ),
  dataHasNoWayOut: ({ base }) =>
    DATA_TIER.flatMap((name) =>
      networksOf(base.services[name] ?? {})
        .filter((network) => !isInternal(base, network))
        .map((network) => `${name}: gets out by the network ${network}`),
    ),
  onlyTheProxyIsPublished: ({ base }) =>
    eachService(base, ({ ports = [] }, name) =>
      ports.filter((port) => name !== 'traefik' && !port.startsWith('127.0.0.1:')).map((port) => `publishes ${port}`),
    ),
  otherServersComeByThePrivateAddress: ({ all, base }) =>
    eachService(all, ({ ports = [] }, name) =>
      ports
        .slice(base.services[name]?.ports?.length ?? 0)
        .filter((port) => !port.startsWith(`\${OMS_PRIVATE_ADDRESS:?of this server}:`))
        .map((port) => `publishes ${port}`),
    ),
  everyServiceHasItsNetworks: ({ all }) =>
    eachService(all, (service) => {
      const names = networksOf(service);
      if (names.length === 0) return 'has no network of its own';
      return names.filter((network) => !(network in all.networks)).map((network) => `network ${network} is nowhere`);
    }),
  variablesAreThoseOfTheApps: ({ all }) => eachService(all, variableFaults),
  secretsAreFilesOfTheirReaders: ({ all }) => eachService(all, secretFaults),
  secretsLieInTheirFolder: ({ all }) =>
    Object.entries(all.secrets).flatMap(([name, { file }]) =>
      file === `./secrets/${name}` ? [] : [`secret ${name}: lies in ${file}`],
    ),
  everySecretIsRead({ all }) {
    const read = new Set(Object.values(all.services).flatMap(({ secrets = [] }) => secrets));
    const unread = Object.keys(SECRETS).filter((name) => !read.has(name));
    return unread.map((name) => `secret ${name}: nobody reads it`);
  },
  databaseIsDurable: ({ base }) =>
    ['--innodb-flush-log-at-trx-commit=1', '--sync-binlog=1', '--log-bin=binlog', '--init-file=/run/secrets/mysql-init']
      .filter((flag) => !base.services.mysql?.command?.includes(flag))
      .map((flag) => `mysql: lacks ${flag}`),
  rootStaysInItsContainer: ({ base }) =>
    base.services.mysql?.environment?.MYSQL_ROOT_HOST === 'localhost' ? [] : ['mysql: root comes from everywhere'],
};
