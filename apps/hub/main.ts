import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { startHub } from './app.ts';
import { hubsToServe } from './broker/config-file.ts';
import { HubEnv, tlsOf } from './env.ts';

await runAsProcess('hub', HubEnv, async (env, logger) =>
  startHub(
    {
      host: env.OMS_HUB_HOST,
      port: env.OMS_HUB_PORT,
      ...tlsOf(env),
      httpPort: env.OMS_HUB_HTTP_PORT,
      dataDir: env.OMS_HUB_DATA_DIR,
      captureStorage: env.OMS_HUB_CAPTURE_STORAGE,
      ...hubsToServe(env.OMS_HUB_CONFIG, env.OMS_HUB_CREATE),
      accessKey: env.OMS_HUB_KEY === undefined ? null : { name: env.OMS_HUB_KEY_NAME, key: env.OMS_HUB_KEY },
    },
    logger,
  ),
);
