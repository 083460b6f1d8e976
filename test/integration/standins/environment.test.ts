import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCanary } from '../../../src/adapters/azure/canary.ts';
import { azureCliCredential } from '../../../src/adapters/azure/credential.ts';
import { ARCHIVE_CONTAINER, CHECK_CONSUMER_GROUP } from '../../../src/stages/provision/topology.ts';
import { setEnvironment } from '../../helpers/set-environment.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { hasTerraform, templateFolder, VARIABLES } from '../../helpers/terraform-run.ts';
import { TENANT_ID } from '../../standins/arm/identities.ts';
import { startStandins } from '../../standins/environment/start.ts';

test('what Terraform makes at the stand-ins, a canary goes through and is archived', async (t) => {
  if (!hasTerraform(t)) return;
  const folder = join(tempFolder(t), 'standins');
  mkdirSync(folder);
  const { env, table } = await startStandins(folder, t, () => undefined);
  const az = table.find(([name]) => name === 'az')!;
  if (az[1].startsWith('not run')) return t.diagnostic(`az: ${az[1]}`);
  // For az, which the SDK starts with the environment of this process.
  setEnvironment(t, env);

  const terraform = await templateFolder(t, env);
  const applied = await terraform.run('apply', '-auto-approve');
  assert.equal(applied.code, 0, applied.output);
  const { archive, namespace } = JSON.parse((await terraform.run('output', '-json')).output) as Record<
    string,
    { value: Record<string, string> }
  >;

  const canary = createCanary({ credential: await azureCliCredential(TENANT_ID), pollMs: 200 });
  const target = {
    environment: VARIABLES.environment,
    host: namespace!.value.fqdn!,
    gateway: env.OMS_EVENTHUB_GATEWAY!,
    hub: 'orders',
    consumerGroup: CHECK_CONSUMER_GROUP,
    archive: {
      blobEndpoint: archive!.value.blob_endpoint!,
      container: ARCHIVE_CONTAINER,
      namespace: namespace!.value.name!,
    },
  };
  const { signal } = new AbortController();
  const id = randomUUID();
  const sighting = await canary.roundTrip(target, id, signal);
  const file = await canary.inArchive(target, id, sighting, { signal, timeoutMs: 60_000 });
  assert.match(file!, new RegExp(`^${VARIABLES.names.namespace}/orders/`));
});
