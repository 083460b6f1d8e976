import { OTHERS_IMAGES, type ServiceName } from '../stages/deploy/services.ts';
import type { Host, Site } from '../stages/deploy/site.ts';
import { databaseClients, dataHost, hostsOf, isSplit, privateAddressOf } from '../stages/deploy/site-network.ts';
import { CONSUMER_SPLIT_PORTS, PRODUCER_SPLIT_PORTS } from '../stages/deploy/split-ports.ts';

export type Variables = Readonly<Record<string, string>>;

/** "producer-a" -> "PRODUCER_A" */
const constant = (name: string): string => name.replaceAll('-', '_').toUpperCase();

/** Name of the variable that holds the hash of a service, its container's label. */
export const hashVariable = (service: string): string => `OMS_HASH_${constant(service)}`;

/** References of images by their name in services.ts. */
export const imageVariables = (images: Variables): Variables =>
  Object.fromEntries(Object.entries(images).map(([name, reference]) => [`OMS_IMAGE_${constant(name)}`, reference]));

function eventVariables({ events }: Site): Variables {
  if (events.kind === 'local') return {};
  return {
    OMS_EVENTHUB_NAMESPACE: events.namespace,
    AZURE_TENANT_ID: events.tenantId,
    AZURE_CLIENT_ID: events.clientId,
    OMS_BLOB_ACCOUNT: events.filesAccount,
  };
}

const SANDBOX_URL = 'http://sandbox:8080';

/** Where customers find the shop; the usual port is not written. */
export const shopUrl = ({ domains, ports }: Pick<Site, 'domains' | 'ports'>): string => {
  const [domain] = domains;
  const host = domain!.includes(':') ? `[${domain}]` : domain;
  return `https://${host}${ports.https === 443 ? '' : `:${ports.https}`}`;
};

function paymentVariables(site: Site): Variables {
  if (site.payments === 'stripe') {
    return { OMS_PAYMENT_PROVIDER: 'stripe', OMS_PAYMENT_RETURN_URL: `${shopUrl(site)}/orders` };
  }
  return {
    OMS_PAYMENT_PROVIDER: 'sandbox',
    OMS_PAYMENT_URL: SANDBOX_URL,
    OMS_CARRIER_URL: SANDBOX_URL,
    OMS_LABEL_ORIGINS: SANDBOX_URL,
  };
}

const range = (first: number, count: number): string => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);

/** Docker takes an IPv6 address to publish on in brackets. */
const published = (address: string): string => (address.includes(':') ? `[${address}]` : address);

function splitVariables(site: Site, host: Host): Variables {
  if (!isSplit(site)) return {};
  const [data, sandbox] = [dataHost(site), hostsOf(site, 'app')[0]!];
  const { producer, consumer } = site.replicas;
  return {
    OMS_PRIVATE_ADDRESS: published(privateAddressOf(host)),
    OMS_DATA_ADDRESS: privateAddressOf(data),
    OMS_SANDBOX_ADDRESS: privateAddressOf(sandbox),
    OMS_DATA_SUFFIX: host.name === data.name ? '.here' : '',
    OMS_SANDBOX_SUFFIX: host.name === sandbox.name ? '.here' : '',
    OMS_PRODUCER_A_PORTS: range(PRODUCER_SPLIT_PORTS.a, producer),
    OMS_PRODUCER_B_PORTS: range(PRODUCER_SPLIT_PORTS.b, producer),
    OMS_CONSUMER_A_PORTS: range(CONSUMER_SPLIT_PORTS.a, consumer),
    OMS_CONSUMER_B_PORTS: range(CONSUMER_SPLIT_PORTS.b, consumer),
  };
}

/**
 * The variables of compose.yaml on one server, without the hashes; templates/compose/README.md says what each is. No
 * secret is among them.
 * @param images references by name in services.ts.
 */
export const environmentOf = (site: Site, host: Host, images: Variables): Variables => ({
  ...imageVariables({ ...OTHERS_IMAGES, ...images }),
  OMS_HTTP_PORT: String(site.ports.http),
  OMS_HTTPS_PORT: String(site.ports.https),
  OMS_ORDER_LINK: `${shopUrl(site)}/orders/{order}`,
  OMS_TIMEZONE: site.timeZone,
  OMS_DATABASE_CLIENTS: databaseClients(site).join(','),
  ...paymentVariables(site),
  ...eventVariables(site),
  ...splitVariables(site, host),
});

/** Hashes of the services as variables. */
export const hashVariables = (services: Readonly<Partial<Record<ServiceName, string>>>): Variables =>
  Object.fromEntries(Object.entries(services).map(([service, hash]) => [hashVariable(service), hash!]));

/** In single quotes nothing has a meaning but the quote itself, which no value may hold. */
function line([name, value]: [string, string]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line end would begin another variable.
  if (/['\u0000-\u001f\u007f]/.test(value)) throw new TypeError(`the value of ${name} cannot stand in .env`);
  return /^[A-Za-z0-9_.:/@,-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`;
}

/** `.env` of a release, sorted by name. */
export const environmentText = (variables: Variables): string =>
  `${Object.entries(variables)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(line)
    .join('\n')}\n`;
