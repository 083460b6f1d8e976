import { Type } from 'typebox';
import { Port } from '../../lib/runtime/env.ts';
import { LOG_LEVELS } from '../../lib/runtime/logger.ts';
import { EVENT_HUB_ENV } from '../../lib/streaming/event-hubs.ts';
import { CORE_CONSUMER_GROUP, DEAD_LETTER_HUB, ORDER_EVENTS_HUB, ORDERS_HUB } from '../../lib/streaming/hub-names.ts';
import { OUTSIDE_ENV } from './outside/registry.ts';

export const ConsumerEnv = Type.Object({
  ...EVENT_HUB_ENV,
  ...OUTSIDE_ENV,
  OMS_EVENTHUB_ORDERS: Type.String({ default: ORDERS_HUB, description: 'the hub that orders arrive on' }),
  OMS_EVENTHUB_ORDER_EVENTS: Type.String({
    default: ORDER_EVENTS_HUB,
    description: 'the hub that steps are published to',
  }),
  OMS_EVENTHUB_DEAD_LETTERS: Type.String({
    default: DEAD_LETTER_HUB,
    description: 'the hub that unusable events are published to',
  }),
  OMS_CONSUMER_GROUP: Type.String({ default: CORE_CONSUMER_GROUP }),
  OMS_CONSUMER_NAME: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'unique among the consumers, {hostname} for that of the machine: what it owned before it died is its own again',
    }),
  ),
  OMS_RISK_MODEL: Type.Optional(
    Type.String({ minLength: 1, description: 'a file of `oms fraud train`; the model built in without it' }),
  ),
  OMS_DATABASE_URL: Type.String({ minLength: 1 }),
  OMS_HTTP_HOST: Type.String({ default: '127.0.0.1' }),
  OMS_HTTP_PORT: Port({ default: 0 }),
  OMS_LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info' }),
});
