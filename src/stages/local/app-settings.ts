import { accountUrl } from '../../tools/mysql-accounts.ts';
import { LOCAL_APPS, type LocalAppName } from './apps.ts';
import type { LocalEndpoints } from './endpoints.ts';
import { BLOB_ACCOUNT, GIVES_WAY, HOST, KEY_NAME, type StackPlan } from './plan.ts';

/** What an app gets besides its name, its file and its readiness. */
interface AppSettings {
  env: Record<string, string>;
  /** Names of what has to be ready before. */
  after?: string[];
  /** Of Node. */
  flags?: string[];
  niceness?: number;
}

/** Batches of decoded events die young; a larger nursery keeps them out of the old generation. */
const CONSUMER_FLAGS = ['--max-semi-space-size=64'];

/** The carriers of the sandbox, the preferred one first. */
const CARRIERS = 'swiftpost,parcelway';

/** Azurite's key, which is no secret: it is part of its documentation. */
const BLOB_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Mail and papers may be late: they get what storing orders leaves over. */
const GIVES_WAY_TO_ALL = 15;
/** A fifth of a core; the backlog of a rush is told after it. */
const MESSAGES_PER_SECOND = 1_000;

const httpPort = ({ ports }: StackPlan, name: LocalAppName) => ({
  OMS_HTTP_PORT: String(ports[LOCAL_APPS[name].http]),
});

const upstream = ({ eventHubConnectionString, databaseUrl }: LocalEndpoints) => ({
  OMS_EVENTHUB_CONNECTION_STRING: eventHubConnectionString,
  OMS_DATABASE_URL: databaseUrl,
});

const blobAccount = ({ blobUrl }: LocalEndpoints): string =>
  [
    'DefaultEndpointsProtocol=http',
    `AccountName=${BLOB_ACCOUNT}`,
    `AccountKey=${BLOB_KEY}`,
    `BlobEndpoint=${blobUrl}`,
  ].join(';');

const hookSecrets = ({ secrets }: StackPlan) => ({
  OMS_PSP_HOOK_SECRET: secrets.pspHook,
  OMS_CARRIER_HOOK_SECRET: secrets.carrierHook,
});

/** A database of the user's own is there already. */
const database = ({ server }: StackPlan) => (server ? ['database'] : []);

/** How each app is started; with its row in apps.ts and its port this is all that a new one needs. */
export const APP_SETTINGS: Record<LocalAppName, (plan: StackPlan, endpoints: LocalEndpoints) => AppSettings> = {
  hub: ({ ports, paths, secrets, capture }, endpoints) => ({
    env: {
      OMS_HUB_PORT: String(ports.hub),
      OMS_HUB_HTTP_PORT: String(ports.hubHttp),
      OMS_HUB_DATA_DIR: paths.hubDir,
      OMS_HUB_CONFIG: paths.hubConfigFile,
      OMS_HUB_KEY_NAME: KEY_NAME,
      OMS_HUB_KEY: secrets.hubKey,
      ...(capture && { OMS_HUB_CAPTURE_STORAGE: blobAccount(endpoints) }),
    },
  }),
  sandbox: (plan, { producerUrl }) => ({
    env: {
      OMS_SANDBOX_DATABASE_URL:
        plan.databaseUrl ?? accountUrl('sandbox', plan.secrets.database.sandbox, plan.ports.database),
      OMS_HOOKS_URL: producerUrl,
      ...hookSecrets(plan),
      ...httpPort(plan, 'sandbox'),
    },
    after: database(plan),
    niceness: GIVES_WAY,
  }),
  consumer: (plan, endpoints) => ({
    env: {
      ...upstream(endpoints),
      OMS_PAYMENT_URL: endpoints.sandboxUrl,
      OMS_CARRIER_URL: endpoints.sandboxUrl,
      OMS_CARRIERS: CARRIERS,
      OMS_CONSUMER_NAME: 'local',
      ...httpPort(plan, 'consumer'),
    },
    after: ['hub', ...database(plan)],
    flags: CONSUMER_FLAGS,
    niceness: GIVES_WAY,
  }),
  producer: (plan, endpoints) => ({
    env: {
      ...upstream(endpoints),
      ...hookSecrets(plan),
      OMS_ADMIN_TOKEN: plan.secrets.adminToken,
      OMS_ASK_DATABASE_URL: endpoints.askDatabaseUrl,
      OMS_HTTP_HOST: HOST,
      ...httpPort(plan, 'producer'),
    },
    after: ['hub', ...database(plan)],
  }),
  // They wait for nobody: without the order API they say so themselves.
  pages: (plan, { producerUrl }) => ({
    env: { OMS_API_URL: producerUrl, OMS_HTTP_HOST: HOST, ...httpPort(plan, 'pages') },
  }),
  // Mail becomes files, documents go to Azurite, labels come from the sandbox.
  notifier: (plan, endpoints) => ({
    env: {
      OMS_DATABASE_URL: endpoints.databaseUrl,
      OMS_MAILDIR: plan.paths.mailDir,
      OMS_BLOB_ACCOUNT: blobAccount(endpoints),
      OMS_LABEL_ORIGINS: endpoints.sandboxUrl,
      OMS_MESSAGES_PER_SECOND: String(MESSAGES_PER_SECOND),
      OMS_ORDER_LINK: `${endpoints.pagesUrl}/orders/{order}`,
      ...httpPort(plan, 'notifier'),
    },
    after: ['blob', ...database(plan)],
    niceness: GIVES_WAY_TO_ALL,
  }),
};
