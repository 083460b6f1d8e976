import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete, plan, settle } from '../planning.ts';
import { type Problem, type Provider, Refused } from '../provider.ts';
import type { ProviderSchema } from '../schema-types.ts';
import { isUnknown, type ObjectValue } from '../values.ts';
import { createMirror } from './arm/mirror.ts';
import { type Account, fillFor } from './computed.ts';
import { guidOf } from './ids.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'azurerm', 'schema.json');
const PUBLIC_BLOBS = 'https://{name}.blob.core.windows.net/';

/** Who the stand-in says is signed in, until the configuration or the environment says more. */
function initialAccount(env: NodeJS.ProcessEnv): Account {
  return {
    subscriptionId: env.ARM_SUBSCRIPTION_ID ?? '',
    tenantId: env.ARM_TENANT_ID ?? guidOf('tenant'),
    clientId: env.ARM_CLIENT_ID ?? guidOf('client'),
    objectId: env.OMS_STANDIN_OBJECT_ID ?? guidOf('object'),
    blobEndpoint: env.OMS_STANDIN_BLOB_ENDPOINT ?? PUBLIC_BLOBS,
  };
}

const WARNING: Problem = {
  severity: 'warning',
  summary: 'schema stand-in for azurerm: nothing reaches Azure',
  detail: 'This provider knows the arguments of azurerm 5.2, not its behaviour; what it says it made exists nowhere.',
};

/** As azurerm 5.2 puts it. */
const NO_SUBSCRIPTION: Problem = {
  severity: 'error',
  summary: '`subscription_id` is a required provider property when performing a plan/apply operation',
};

/** azurerm 5.2.0 has its check the wrong way round: a locked policy cannot be made longer with it. */
function refuseExtension(type: string, prior: ObjectValue | null, planned: ObjectValue): [] {
  const [before, after] = [prior?.immutability_period_in_days, planned.immutability_period_in_days];
  if (type === 'azurerm_storage_container_immutability_policy' && prior?.locked && Number(before) < Number(after)) {
    throw new Refused(
      '`immutability_period_in_days` cannot be decreased once an immutability policy has been locked',
      '',
    );
  }
  return [];
}

/** azurerm's stand-in: its arguments, ids in Azure's form, and nothing behind them. */
export function createAzurerm(env: NodeJS.ProcessEnv): Provider {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as ProviderSchema;
  const account = initialAccount(env);
  const mirror = createMirror(env.OMS_STANDIN_ARM);
  return {
    schema,
    configure: (config) => {
      if (isUnknown(config.subscription_id)) return [WARNING];
      if (typeof config.subscription_id === 'string') account.subscriptionId = config.subscription_id;
      if (typeof config.tenant_id === 'string') account.tenantId = config.tenant_id;
      return account.subscriptionId ? [WARNING] : [NO_SUBSCRIPTION];
    },
    read: async (type, state) => {
      const now = await mirror.read(type, state);
      return now && complete(schema.resources[type]!, now);
    },
    customisePlan: refuseExtension,
    apply: async (type, prior, planned) => {
      const state = settle(schema.resources[type]!, planned, fillFor(type, planned, account));
      await mirror.write(type, prior, state);
      return state;
    },
    destroy: (type, prior) => mirror.remove(type, prior),
    readData: async (type, config) => dataSource(schema, type, config, account),
  };
}

function dataSource(schema: ProviderSchema, type: string, config: ObjectValue, account: Account): ObjectValue {
  const block = schema.data[type]!;
  const { subscriptionId, tenantId, clientId, objectId } = account;
  const known: ObjectValue = {
    id: `/subscriptions/${subscriptionId}`,
    subscription_id: subscriptionId,
    tenant_id: tenantId,
    client_id: clientId,
    object_id: objectId,
    display_name: 'Stand-in',
    state: 'Enabled',
  };
  const fill = fillFor(type, config, account);
  return settle(block, plan(block, config, null), (name, notation) => known[name] ?? fill(name, notation));
}
