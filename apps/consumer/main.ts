import { hostname } from 'node:os';
import { readRiskModel } from '../../lib/risk/model-file.ts';
import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { namespaceFrom } from '../../lib/streaming/event-hubs.ts';
import { startConsumer } from './app.ts';
import { ConsumerEnv } from './env.ts';
import { carrierNames, outsideFrom } from './outside/registry.ts';

await runAsProcess('consumer', ConsumerEnv, async (env, logger) =>
  startConsumer(
    {
      name: env.OMS_CONSUMER_NAME?.replaceAll('{hostname}', hostname()),
      namespace: namespaceFrom(env),
      ordersHub: env.OMS_EVENTHUB_ORDERS,
      orderEventsHub: env.OMS_EVENTHUB_ORDER_EVENTS,
      deadLetterHub: env.OMS_EVENTHUB_DEAD_LETTERS,
      carriers: carrierNames(env),
      outside: outsideFrom(env),
      riskModel: readRiskModel(env.OMS_RISK_MODEL),
      consumerGroup: env.OMS_CONSUMER_GROUP,
      databaseUrl: env.OMS_DATABASE_URL,
      http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
    },
    logger,
  ),
);
