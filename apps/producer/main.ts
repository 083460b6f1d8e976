import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { namespaceFrom } from '../../lib/streaming/event-hubs.ts';
import { startProducer } from './app.ts';
import { ProducerEnv } from './env.ts';

await runAsProcess('producer', ProducerEnv, async (env, logger) =>
  startProducer(
    {
      namespace: namespaceFrom(env),
      ordersHub: env.OMS_EVENTHUB_ORDERS,
      databaseUrl: env.OMS_DATABASE_URL,
      http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
    },
    logger,
  ),
);
