import { modelSettings } from '../../lib/query/assistant/settings.ts';
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
      secrets: {
        psp: env.OMS_PSP_HOOK_SECRET,
        carrier: env.OMS_CARRIER_HOOK_SECRET,
        stripe: env.OMS_STRIPE_HOOK_SECRET,
        ingest: env.OMS_INGEST_SECRET,
        admin: env.OMS_ADMIN_TOKEN,
      },
      ask: { databaseUrl: env.OMS_ASK_DATABASE_URL, timeZone: env.OMS_TIMEZONE, model: modelSettings(env) },
      stripe: { apiKey: env.OMS_STRIPE_KEY },
      http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
    },
    logger,
  ),
);
