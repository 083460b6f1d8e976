import { Type } from 'typebox';
import { ModelEnv } from '../../lib/query/assistant/settings.ts';
import { Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';
import { EVENT_HUB_ENV } from '../../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../../lib/streaming/hub-names.ts';

/** Too short a secret could be guessed. */
const secret = (description: string) => Type.Optional(Type.String({ minLength: 16, description }));

export const ProducerEnv = Type.Object({
  ...EVENT_HUB_ENV,
  OMS_EVENTHUB_ORDERS: Type.String({ default: ORDERS_HUB, description: 'the hub that orders go to' }),
  OMS_DATABASE_URL: Type.String({ minLength: 1 }),
  OMS_ASK_DATABASE_URL: Type.Optional(
    Type.String({ minLength: 1, description: 'the account that may only read; without it no question is answered' }),
  ),
  OMS_TIMEZONE: Type.String({ default: 'UTC', description: "the shop's time zone: where days and weeks begin" }),
  ...ModelEnv.properties,
  OMS_HTTP_HOST: Type.String({ default: '127.0.0.1' }),
  OMS_HTTP_PORT: Port({ default: 0 }),
  OMS_PSP_HOOK_SECRET: secret('what payment providers sign their webhooks with; without it /hooks/psp does not exist'),
  OMS_CARRIER_HOOK_SECRET: secret('what carriers sign their webhooks with; without it /hooks/carrier does not exist'),
  OMS_STRIPE_HOOK_SECRET: secret('what Stripe signs its webhooks with; without it /hooks/stripe does not exist'),
  OMS_STRIPE_KEY: secret('a key of Stripe that may read payments: says whose order a dispute is about'),
  OMS_INGEST_SECRET: secret('what other shops sign their orders with'),
  OMS_ADMIN_TOKEN: secret('bearer token of the staff; without it /api/admin does not exist'),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});
