import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import { generate } from 'selfsigned';
import { type StandinAzure, standinAzure } from '../../helpers/azure-standin.ts';
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from '../../standins/arm/identities.ts';

const publicPart = (pem: string) => pem.replaceAll(/-----.*?-----|\s/g, '');
const newCertificate = () => generate([{ name: 'commonName', value: 'oms-demo' }], { algorithm: 'sha256' });

/** An application with a certificate, and its service principal. */
async function makeApplication({ call }: StandinAzure, certificate: string) {
  const key = { key: publicPart(certificate), type: 'AsymmetricX509Cert', usage: 'Verify' };
  const application = await call('POST', '/v1.0/applications', { displayName: 'oms-demo', keyCredentials: [key] });
  const { appId, id } = application.body;
  const principal = await call('POST', '/v1.0/servicePrincipals', { appId });
  assert.deepEqual([application.status, principal.status], [201, 201]);
  return { appId: String(appId), id: String(id), objectId: String(principal.body.id) };
}

function signIn({ arm, certificates, folder }: StandinAzure, appId: string, pem: string) {
  const certificatePath = join(folder, `${appId}.pem`);
  writeFileSync(certificatePath, pem);
  const more = { authorityHost: arm.url, disableInstanceDiscovery: true, tlsOptions: { ca: certificates.ca } };
  return new ClientCertificateCredential(TENANT_ID, appId, { certificatePath }, more).getToken(`${arm.url}/.default`);
}

suite('applications and their service principals', () => {
  test('an application signs in with its certificate, and with no other', async (t) => {
    const azure = await standinAzure(t);
    const own = await newCertificate();
    const { appId } = await makeApplication(azure, own.cert);
    assert.ok((await signIn(azure, appId, `${own.cert}\n${own.private}`)).token);
    const other = await newCertificate();
    await assert.rejects(signIn(azure, appId, `${other.cert}\n${other.private}`), /AADSTS700027/);
  });

  test('a wrong secret and an unknown application are told apart', async (t) => {
    const { arm, certificates } = await standinAzure(t);
    const more = { authorityHost: arm.url, disableInstanceDiscovery: true, tlsOptions: { ca: certificates.ca } };
    const token = (clientId: string, secret: string) =>
      new ClientSecretCredential(TENANT_ID, clientId, secret, more).getToken(`${arm.url}/.default`);
    await assert.rejects(token(DEPLOYER.clientId, 'wrong'), /AADSTS7000215/);
    await assert.rejects(token('99999999-9999-9999-9999-999999999999', 'any'), /AADSTS700016/);
  });

  test('a second certificate is added beside the first, whose key is not handed out', async (t) => {
    const azure = await standinAzure(t);
    const [first, second] = [await newCertificate(), await newCertificate()];
    const { appId, id } = await makeApplication(azure, first.cert);
    const [listed] = (await azure.call('GET', `/v1.0/applications?$filter=appId eq '${appId}'`.replaceAll(' ', '%20')))
      .body.value;
    assert.equal(listed.keyCredentials[0].key, null);
    assert.match(listed.keyCredentials[0].customKeyIdentifier, /^[0-9A-F]{40}$/);
    const keyCredentials = [...listed.keyCredentials, { key: publicPart(second.cert) }];
    assert.equal((await azure.call('PATCH', `/v1.0/applications/${id}`, { keyCredentials })).status, 204);
    for (const { cert, private: key } of [first, second])
      assert.ok((await signIn(azure, appId, `${cert}\n${key}`)).token);
  });

  test('what is no certificate, or would outlive it, is refused', async (t) => {
    const { call } = await standinAzure(t);
    const { publicKey } = generateKeyPairSync('ed25519');
    const add = (credential: object) =>
      call('POST', '/v1.0/applications', { displayName: 'a', keyCredentials: [credential] });
    const key = Buffer.from(publicKey.export({ type: 'spki', format: 'der' })).toString('base64');
    assert.match((await add({ key })).body.error.message, /not a valid certificate/);
    const { cert } = await newCertificate();
    const late = { key: publicPart(cert), endDateTime: '2999-01-01T00:00:00Z' };
    assert.match((await add(late)).body.error.message, /end date is invalid/);
  });

  test('a service principal needs its application, is there once, and goes with it', async (t) => {
    const azure = await standinAzure(t);
    const { appId, id, objectId } = await makeApplication(azure, (await newCertificate()).cert);
    assert.equal((await azure.call('POST', '/v1.0/servicePrincipals', { appId })).status, 409);
    assert.equal((await azure.call('POST', '/v1.0/servicePrincipals', { appId: 'none' })).status, 400);
    assert.equal((await azure.call('DELETE', `/v1.0/applications/${id}`)).status, 204);
    assert.equal((await azure.call('GET', `/v1.0/servicePrincipals/${objectId}`)).status, 404);
  });
});

suite('roles', () => {
  const ROOT = `/subscriptions/${SUBSCRIPTION_ID}`;
  const VERSION = 'api-version=2022-04-01';
  const scope = `${ROOT}/resourceGroups/rg-oms-demo`;
  const assignments = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const sender = `${ROOT}/providers/Microsoft.Authorization/roleDefinitions/2b629674-e913-4c01-ae53-ef4638d8f975`;
  const name = (digit: number) => `0000000${digit}-0000-0000-0000-000000000000`;

  test('are assigned once, and seen at their scope and below', async (t) => {
    const { call } = await standinAzure(t, { roles: ['Contributor'] });
    const body = { properties: { roleDefinitionId: sender, principalId: 'someone' } };
    assert.equal((await call('PUT', `${assignments}/${name(1)}?${VERSION}`, body)).status, 201);
    assert.equal(
      (await call('PUT', `${assignments}/${name(2)}?${VERSION}`, body)).body.error.code,
      'RoleAssignmentExists',
    );
    const seen = async (at: string, filter: string) => {
      const path = `${at}/providers/Microsoft.Authorization/roleAssignments?${VERSION}&$filter=${encodeURIComponent(filter)}`;
      return ((await call('GET', path)).body.value as { properties: { principalId: string } }[]).length;
    };
    assert.equal(await seen(scope, 'atScope()'), 3);
    assert.equal(await seen(ROOT, 'atScope()'), 2);
    assert.equal(await seen(ROOT, "principalId eq 'someone'"), 1);
    assert.equal(await seen(ROOT, `assignedTo('${DEPLOYER.objectId}')`), 1);
    assert.equal((await call('DELETE', `${assignments}/${name(1)}?${VERSION}`)).status, 200);
    assert.equal((await call('GET', `${assignments}/${name(1)}?${VERSION}`)).status, 404);
  });

  test('are found by their name', async (t) => {
    const { call } = await standinAzure(t);
    const filter = encodeURIComponent("roleName eq 'Azure Event Hubs Data Sender'");
    const path = `${ROOT}/providers/Microsoft.Authorization/roleDefinitions?${VERSION}&$filter=${filter}`;
    const { value } = (await call('GET', path)).body;
    assert.deepEqual([value.length, value[0].id], [1, sender]);
  });
});

test('a provider is registered once it has been seen under way', async (t) => {
  const { call } = await standinAzure(t, { registered: [] });
  const path = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.EventHub`;
  const stateOf = async (method: string, more = '') =>
    (await call(method, `${path}${more}?api-version=2021-04-01`)).body.registrationState;
  assert.equal(await stateOf('GET'), 'NotRegistered');
  assert.equal(await stateOf('POST', '/register'), 'Registering');
  assert.equal(await stateOf('GET'), 'Registering');
  assert.equal(await stateOf('GET'), 'Registered');
});
