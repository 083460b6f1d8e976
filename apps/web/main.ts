import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { startWeb } from './app.ts';
import { WebEnv } from './env.ts';

await runAsProcess('web', WebEnv, async (env, logger) =>
  startWeb(
    {
      apiUrl: env.OMS_API_URL,
      shopName: env.OMS_SHOP_NAME,
      secureCookies: env.OMS_PAGES_SECURE_COOKIES,
      assetsDir: env.OMS_ASSETS_DIR,
      http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
    },
    logger,
  ),
);
