import {
  CORE_CONSUMER_GROUP,
  DEAD_LETTER_HUB,
  ORDER_EVENTS_HUB,
  ORDERS_HUB,
} from '../../../lib/streaming/hub-names.ts';

/** One event hub of the namespace. */
export interface HubSpec {
  name: string;
  /** "sized" takes the number of the sizing. */
  partitions: 'sized' | number;
  retentionHours: number;
  /** Written to the archive as it comes in. */
  capture: boolean;
  consumerGroups: readonly string[];
}

/** The consumer group that the canary and other checks read with, so that no checkpoint of an app is touched. */
export const CHECK_CONSUMER_GROUP = 'oms-check';

/** Container of the archive account that Capture writes to. */
export const ARCHIVE_CONTAINER = 'archive';

/** Containers of the files account. */
export const FILE_CONTAINERS = ['documents', 'images'] as const;

/** 3,653 days cover any span of ten years, leap days included. */
export const ARCHIVE_DAYS = 3_653;

/** The hubs of an environment. Seven days is what a Standard namespace keeps at most. */
export const HUBS: readonly HubSpec[] = [
  {
    name: ORDERS_HUB,
    partitions: 'sized',
    retentionHours: 168,
    capture: true,
    consumerGroups: [CORE_CONSUMER_GROUP, CHECK_CONSUMER_GROUP],
  },
  {
    name: ORDER_EVENTS_HUB,
    partitions: 'sized',
    retentionHours: 168,
    capture: true,
    consumerGroups: [CORE_CONSUMER_GROUP, CHECK_CONSUMER_GROUP],
  },
  {
    name: DEAD_LETTER_HUB,
    partitions: 2,
    retentionHours: 168,
    capture: false,
    consumerGroups: [CORE_CONSUMER_GROUP, CHECK_CONSUMER_GROUP],
  },
];

/** Secrets that are made once and put into the vault without passing through state or disk. */
export const VAULT_SECRETS = [
  'mysql-root-password',
  'mysql-app-password',
  'mysql-report-password',
  'admin-token',
  'webhook-secret',
] as const;
