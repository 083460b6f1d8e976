import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EventHubManagementClient } from '@azure/arm-eventhub';
import { AzureCliCredential, ClientCertificateCredential } from '@azure/identity';
import { generate } from 'selfsigned';
import { CommandFailed, run } from '../../../src/adapters/exec/run.ts';
import { standinAzure } from '../../helpers/azure-standin.ts';
import { setEnvironment } from '../../helpers/set-environment.ts';
import { DEPLOYER, ENGINEER, SUBSCRIPTION_ID, TENANT_ID } from '../../standins/arm/identities.ts';
import { azOnPath, standinAz } from '../../standins/azure-cli.ts';

const GROUP = ['--resource-group', 'rg-oms-demo'];
const NAMESPACE = 'evhns-oms-demo';

/** The real az, logged in to a stand-in of the test's own; undefined where the machine cannot have it. */
async function loggedIn(t: TestContext, as?: 'engineer') {
  const bin = await azOnPath(t);
  if (!bin) return undefined;
  const azure = await standinAzure(t, { registered: [] });
  const { arm, folder, certificates } = azure;
  const env = await standinAz({ arm, folder, bin, caFile: certificates.caFile, ...(as && { as }) });
  const az = async (...args: string[]) => {
    const { stdout } = await run({
      file: join(bin, 'az'),
      args: [...args, '--only-show-errors', '--output', 'json'],
      env,
    });
    return stdout ? JSON.parse(stdout) : undefined;
  };
  const fails = async (...args: string[]) => {
    const error = await az(...args).then(
      () => assert.fail('az did not fail'),
      (reason) => reason,
    );
    assert.ok(error instanceof CommandFailed, String(error));
    return error;
  };
  return { ...azure, env, az, fails };
}

// One sequence and few calls: each az takes about a second to start.
test('the real az makes and reads what provisioning needs', async (t) => {
  const session = await loggedIn(t);
  if (!session) return;
  const { arm, az, fails, env, certificates, folder } = session;

  await t.test('it knows the cloud and the account it was logged in to', async () => {
    assert.equal((await az('cloud', 'show')).endpoints.resourceManager, arm.url);
    const { id, tenantId, user, state } = await az('account', 'show');
    assert.deepEqual([id, tenantId, state], [SUBSCRIPTION_ID, TENANT_ID, 'Enabled']);
    assert.deepEqual(user, { name: DEPLOYER.clientId, type: 'servicePrincipal' });
  });

  await t.test('providers are registered; --wait would look every ten seconds', async () => {
    const registered = () => az('provider', 'list', '--query', "[?registrationState=='Registered'].namespace");
    assert.equal((await registered()).includes('Microsoft.EventHub'), false);
    for (const namespace of ['Microsoft.EventHub', 'Microsoft.Storage']) {
      await az('provider', 'register', '--namespace', namespace);
    }
    const { registrationState } = await az('provider', 'show', '--namespace', 'Microsoft.EventHub');
    assert.equal(registrationState, 'Registering');
    const states = await registered();
    assert.deepEqual(
      ['Microsoft.EventHub', 'Microsoft.Storage', 'Microsoft.KeyVault'].map((one) => states.includes(one)),
      [true, true, false],
    );
  });

  await t.test('namespaces are waited for in all three forms', async () => {
    await az('group', 'create', '--name', 'rg-oms-demo', '--location', 'westeurope');
    for (const form of ['body', 'async', 'location'] as const) {
      arm.tellIn(form);
      const name = `${NAMESPACE}-${form}`;
      const made = await az(
        'eventhubs',
        'namespace',
        'create',
        ...GROUP,
        '--name',
        name,
        '--sku',
        'Standard',
        '--capacity',
        '2',
      );
      assert.deepEqual([made.provisioningState, made.sku.capacity], ['Succeeded', 2], form);
    }
    const shown = await az('eventhubs', 'namespace', 'show', ...GROUP, '--name', `${NAMESPACE}-async`);
    assert.equal(shown.serviceBusEndpoint, `https://${NAMESPACE}-async.servicebus.windows.net:443/`);
  });

  await t.test('the SDK works with the login of az', async (s) => {
    setEnvironment(s, env);
    const scopes = [`${arm.url}/.default`];
    const options = {
      endpoint: arm.url,
      credentials: { scopes },
      credentialScopes: scopes,
      tlsOptions: { ca: certificates.ca },
    };
    const client = new EventHubManagementClient(
      new AzureCliCredential({ tenantId: TENANT_ID }),
      SUBSCRIPTION_ID,
      options,
    );
    const { status } = await client.namespaces.get('rg-oms-demo', `${NAMESPACE}-async`);
    assert.equal(status, 'Active');
  });

  await t.test('accounts and containers for the state', async () => {
    const account = ['--account-name', 'stomsstate'];
    assert.equal((await az('storage', 'account', 'check-name', '--name', 'stomsstate')).nameAvailable, true);
    const secure = ['--allow-shared-key-access', 'false', '--min-tls-version', 'TLS1_2', '--sku', 'Standard_GRS'];
    await az('storage', 'account', 'create', ...GROUP, '--name', 'stomsstate', ...secure);
    const service = ['storage', 'account', 'blob-service-properties', 'update', ...GROUP, ...account];
    assert.equal((await az(...service, '--enable-versioning', 'true')).isVersioningEnabled, true);
    const made = await az(
      'storage',
      'container-rm',
      'create',
      '--storage-account',
      'stomsstate',
      ...GROUP,
      '--name',
      'tfstate',
    );
    assert.equal(made.publicAccess, 'None');
  });

  await t.test('the roles of the caller, through az rest', async () => {
    // `az role` of Debian's 2.45 does not run at all: the SDK packaged with it is a newer one than it was made for.
    const url = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleAssignments`;
    const filter = `$filter=assignedTo('${DEPLOYER.objectId}')`;
    const { value } = await az(
      'rest',
      '--method',
      'get',
      '--url',
      url,
      '--url-parameters',
      'api-version=2022-04-01',
      filter,
    );
    assert.match(value[0].properties.roleDefinitionId, /8e3af657-a8ff-443c-a75c-2fe8c4bcb635$/);
  });

  await t.test('an application with a certificate, which can then sign in', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'oms-demo' }], { algorithm: 'sha256' });
    const [publicFile, wholeFile] = [join(folder, 'public.pem'), join(folder, 'whole.pem')];
    writeFileSync(publicFile, cert);
    writeFileSync(wholeFile, `${cert}\n${key}`);
    const { appId } = await az('ad', 'app', 'create', '--display-name', 'oms-demo');
    await az('ad', 'app', 'credential', 'reset', '--id', appId, '--cert', `@${publicFile}`, '--append');
    const principal = await az('ad', 'sp', 'create', '--id', appId);
    assert.equal((await az('ad', 'sp', 'show', '--id', appId)).id, principal.id);
    const more = { authorityHost: arm.url, disableInstanceDiscovery: true, tlsOptions: { ca: certificates.ca } };
    const credential = new ClientCertificateCredential(TENANT_ID, appId, { certificatePath: wholeFile }, more);
    assert.ok((await credential.getToken(`${arm.url}/.default`)).token);
  });

  await t.test('failures: the code is in what az says', async () => {
    const show = ['eventhubs', 'namespace', 'show', ...GROUP, '--name'];
    const missing = await fails(...show, 'evhns-missing');
    assert.deepEqual([missing.exitCode, /ResourceNotFound/.test(missing.stderr)], [3, true]);
    const create = ['eventhubs', 'namespace', 'create', ...GROUP, '--name'];
    assert.match((await fails(...create, '9-illegal')).stderr, /\(BadRequest\).*not a valid namespace name/);
    for (const [answer, code] of [
      ['forbidden', 'AuthorizationFailed'],
      ['conflict', 'Conflict'],
    ] as const) {
      arm.faults.add({ path: '/namespaces/', answer });
      assert.match((await fails(...show, NAMESPACE)).stderr, new RegExp(`\\(${code}\\)`));
      arm.faults.clear();
    }
  });

  await t.test('throttled, it waits as long as it is told and asks again', async () => {
    arm.faults.add({ path: '/resourcegroups/rg-oms-demo$', answer: 'throttled', times: 1 });
    const { name } = await az('group', 'show', '--name', 'rg-oms-demo');
    assert.equal(name, 'rg-oms-demo');
    assert.deepEqual(
      arm.requests.slice(-2).map(({ status }) => status),
      [429, 200],
    );
  });

  assert.deepEqual(arm.violations, []);
});

test('the real az with a person logged in', async (t) => {
  const session = await loggedIn(t, 'engineer');
  if (!session) return;
  const { arm, az, fails } = session;
  assert.equal((await az('ad', 'signed-in-user', 'show')).id, ENGINEER.objectId);
  arm.faults.add({ path: '/oauth2/token$', answer: 'expiredLogin' });
  const expired = await fails('account', 'get-access-token', '--resource', 'https://another.example');
  assert.match(expired.stderr, /AADSTS700082[\s\S]*az login/);
});
