import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AzFailed } from '../../../src/adapters/azure/cloud.ts';
import { createCloud } from '../../../src/adapters/azure/create-cloud.ts';
import type { Context } from '../../../src/context.ts';
import { ensureApplication, findOwnApplication, removeApplication } from '../../../src/stages/provision/application.ts';
import { preflight } from '../../../src/stages/provision/preflight/preflight.ts';
import { registerProviders } from '../../../src/stages/provision/register.ts';
import { bootstrapState } from '../../../src/stages/provision/state-backend.ts';
import { demoEnvironment } from '../../helpers/azure-answers.ts';
import { standinAzure } from '../../helpers/azure-standin.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { setEnvironment } from '../../helpers/set-environment.ts';
import { makeCertificate } from '../../helpers/sign-in-certificate.ts';
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from '../../standins/arm/identities.ts';
import { azOnPath, standinAz } from '../../standins/azure-cli.ts';

/** This process and what it starts see az's login at the stand-in, until the test ends. */
function inEnvironment(t: TestContext, env: Record<string, string>, ca: string): void {
  const trusted = getCACertificates();
  setEnvironment(t, env);
  setDefaultCACertificates([...trusted, ca]);
  t.after(() => setDefaultCACertificates(trusted));
}

/** The stand-in has no blobs: whether the state's file can be read is answered here, once the role for it was given. */
function withoutBlobs(cloud: Context['cloud']): Context['cloud'] & { changes: string[] } {
  const changes: string[] = [];
  let allowed = false;
  const az: Context['cloud']['az'] = async (args, schema, signal) => {
    if (args.slice(0, 3).join(' ') === 'storage blob exists') {
      if (allowed) return { exists: false } as never;
      throw new AzFailed('no role on the data', 'AuthorizationPermissionMismatch', 1);
    }
    if (args.some((word) => ['create', 'update', 'register', 'reset', 'delete', 'put'].includes(word))) {
      changes.push(args.slice(0, 3).join(' '));
      allowed ||= args[2] === 'put';
    }
    return cloud.az(args, schema, signal);
  };
  return { ...cloud, az, changes };
}

suite('the real az against the Azure stand-in', () => {
  test('preflight, registration, the state and the application; a second time changes nothing', async (t) => {
    const bin = await azOnPath(t);
    if (!bin) return;
    const azure = await standinAzure(t, { registered: ['Microsoft.Storage', 'Microsoft.KeyVault'] });
    const { arm, certificates, folder } = azure;
    inEnvironment(t, await standinAz({ arm, folder, caFile: certificates.caFile, bin }), certificates.ca);
    const cloud = withoutBlobs(createCloud());
    const quiet = quietContext(folder);
    const context: Context = { ...quiet, cloud, terraform: { ...quiet.terraform, version: async () => '1.11.4' } };
    const environment = demoEnvironment({ subscriptionId: SUBSCRIPTION_ID, tenantId: TENANT_ID });
    const { certificateFile } = await makeCertificate(folder);

    const first = await preflight(environment, context, { certificateFile, planOnly: true });
    assert.deepEqual(
      first.rows.filter(({ state }) => state !== 'ok').map(({ name, detail }) => `${name}: ${detail}`),
      [
        'resource providers: not registered: Microsoft.EventHub, Microsoft.Insights, Microsoft.OperationalInsights, ' +
          'Microsoft.ManagedIdentity',
      ],
    );
    assert.deepEqual(cloud.changes, []);
    const account = first.account!;
    assert.deepEqual([account.objectId, account.userType], [DEPLOYER.objectId, 'ServicePrincipal']);

    const patience = { deadlineMs: 200_000, everyMs: 10 };
    assert.equal((await registerProviders(environment, context, { patience })).length, 4);
    const made = await bootstrapState(environment, account, context, { patience });
    assert.deepEqual(made, [
      'resource group rg-oms-state',
      'storage account stomsstateabc123',
      'versions kept in stomsstateabc123',
      'container tfstate',
      'role on stomsstateabc123',
    ]);
    const principal = await ensureApplication(environment, certificateFile, context, { patience });

    cloud.changes.length = 0;
    assert.deepEqual(await bootstrapState(environment, account, context), []);
    assert.equal(await ensureApplication(environment, certificateFile, context), principal);
    assert.deepEqual(cloud.changes, []);

    const own = await findOwnApplication({ ...environment, applicationObjectId: principal }, context);
    await removeApplication(own!, environment, context);
    assert.equal(await findOwnApplication(environment, context), undefined);
    assert.deepEqual(arm.violations, []);
  });
});
