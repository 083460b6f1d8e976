import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { startSandbox } from './app.ts';
import { faultsFrom, SandboxEnv } from './env.ts';

await runAsProcess('sandbox', SandboxEnv, async (env, logger) =>
  startSandbox(
    {
      databaseUrl: env.OMS_SANDBOX_DATABASE_URL,
      hooksUrl: env.OMS_HOOKS_URL,
      secrets: { psp: env.OMS_PSP_HOOK_SECRET, carrier: env.OMS_CARRIER_HOOK_SECRET },
      http: { host: env.OMS_HTTP_HOST, port: env.OMS_HTTP_PORT },
      publicUrl: env.OMS_SANDBOX_PUBLIC_URL,
      faults: faultsFrom(env.OMS_SANDBOX_FAULTS),
    },
    logger,
  ),
);
