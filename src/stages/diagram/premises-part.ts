import {
  CORE_CONSUMER_GROUP,
  DEAD_LETTER_HUB,
  ORDER_EVENTS_HUB,
  ORDERS_HUB,
} from '../../../lib/streaming/hub-names.ts';
import { LOCAL_APP_NAMES, LOCAL_APPS, type LocalAppName } from '../local/apps.ts';
import { FILES, hubId, VAULT } from './azure-part.ts';
import type { Diagram, DiagramEdge, DiagramNode } from './model.ts';

const PREMISES = 'premises';
const TRAEFIK = 'traefik';
const MYSQL = 'mysql';
const OMS = 'oms';
const BUYERS = 'buyers';
const PROVIDERS = 'providers';
const MAIL = 'mail';

/** Web servers behind the proxy. */
const WEB_SERVERS = 3;
const webId = (number: number) => `web-${number}`;
const WEB_IDS = Array.from({ length: WEB_SERVERS }, (_, index) => webId(index + 1));

/** Apps that only stand in for something: Event Hubs has the hub's place, real providers have the sandbox's. */
type StandIn = 'hub' | 'sandbox';
type DeployedApp = Exclude<LocalAppName, StandIn>;
const STAND_INS: readonly string[] = ['hub', 'sandbox'] satisfies StandIn[];

/** What each app that is deployed does, and whom it speaks to. */
const APPS: Record<DeployedApp, { details: readonly string[]; edges: readonly Omit<DiagramEdge, 'from'>[] }> = {
  producer: {
    details: ['202 when the hub has it'],
    edges: [
      { to: hubId(ORDERS_HUB), label: 'AMQP' },
      { to: MYSQL, label: 'reads', line: 'background' },
    ],
  },
  consumer: {
    details: ['stock, risk, payment,', 'parcels, returns'],
    edges: [
      { to: MYSQL, label: 'a batch at once' },
      { to: hubId(ORDER_EVENTS_HUB), label: 'every step' },
      { to: hubId(DEAD_LETTER_HUB), label: 'dead letters', line: 'background' },
      { to: PROVIDERS, label: 'requests by key' },
    ],
  },
  pages: { details: ['the shop as HTML'], edges: [{ to: 'producer', label: 'HTTP' }] },
  notifier: {
    details: ['mail, invoices, labels'],
    edges: [
      { to: MYSQL, label: 'what is due', line: 'background' },
      { to: FILES, label: 'documents' },
      { to: MAIL, label: 'SMTP' },
    ],
  },
};

const isDeployed = (name: LocalAppName): name is DeployedApp => !STAND_INS.includes(name);

const DEPLOYED = LOCAL_APP_NAMES.filter(isDeployed);

const appNodes = (): DiagramNode[] =>
  DEPLOYED.map((name) => ({
    id: name,
    kind: 'app',
    title: LOCAL_APPS[name].title,
    details: APPS[name].details,
    group: PREMISES,
  }));

const outsideNodes = (): DiagramNode[] => [
  { id: BUYERS, kind: 'person', title: 'Customers', details: ['shops, staff'] },
  { id: PROVIDERS, kind: 'outside', title: 'Providers', details: ['payments, carriers'] },
  { id: MAIL, kind: 'outside', title: 'Mail server', details: [] },
];

const nodes = (): DiagramNode[] => [
  ...outsideNodes(),
  { id: TRAEFIK, kind: 'proxy', title: 'Traefik', details: ['TLS, load balancing'], group: PREMISES },
  ...WEB_IDS.map((id): DiagramNode => ({ id, kind: 'proxy', title: 'nginx', details: [], group: PREMISES })),
  ...appNodes(),
  { id: MYSQL, kind: 'database', title: 'MySQL', details: ['orders, money, stock'], group: PREMISES },
  {
    id: OMS,
    kind: 'tool',
    title: 'oms',
    details: ['ask: answers questions', 'verify, status, order'],
    group: PREMISES,
  },
];

const webEdges = (): DiagramEdge[] => [
  { from: BUYERS, to: TRAEFIK, label: 'HTTPS' },
  { from: PROVIDERS, to: TRAEFIK, label: 'signed webhooks', line: 'background' },
  { from: TRAEFIK, to: 'producer', label: 'the API' },
  ...WEB_IDS.flatMap((id): DiagramEdge[] => [
    { from: TRAEFIK, to: id },
    { from: id, to: 'pages' },
  ]),
];

const edges = (): DiagramEdge[] => [
  ...webEdges(),
  { from: hubId(ORDERS_HUB), to: 'consumer', label: CORE_CONSUMER_GROUP },
  ...DEPLOYED.flatMap((from) => APPS[from].edges.map((edge) => ({ from, ...edge }))),
  { from: OMS, to: MYSQL, label: 'read only', line: 'background' },
  { from: VAULT, to: PREMISES, label: 'secrets', line: 'background' },
];

/** What runs on the retailer's own machines, and who is around them. */
export const premisesPart = (): Omit<Diagram, 'title'> => ({
  groups: [{ id: PREMISES, title: 'On-premises', details: ['Docker Compose'] }],
  nodes: nodes(),
  edges: edges(),
});
