import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import {
  ensureApplication,
  findOwnApplication,
  removeApplication,
} from '../../../../../src/stages/provision/application.ts';
import { readCertificate } from '../../../../../src/stages/provision/certificate.ts';
import { demoEnvironment, SUBSCRIPTION, TENANT } from '../../../../helpers/azure-answers.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { makeCertificate } from '../../../../helpers/sign-in-certificate.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const PRINCIPAL = '55555555-5555-5555-5555-555555555555';
const patience = { deadlineMs: 60_000, everyMs: 1 };
const TOO_EARLY =
  "ERROR: Resource '66666666' does not exist or one of its queried reference-property objects are not present.\n";

interface Directory {
  applications: { appId: string; displayName: string; keyCredentials: { customKeyIdentifier: string }[] }[];
  principals: { id: string; appId: string }[];
  /** Attempts that fail because the application is too new. */
  tooEarly: number;
  tenantId: string;
}

/** A directory with what is in it; calls that make something change it. */
function directory(changes: Partial<Directory> = {}) {
  const now: Directory = { applications: [], principals: [], tooEarly: 0, tenantId: TENANT, ...changes };
  const valueAfter = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1]!;
  const early = (work: () => object) => () => (now.tooEarly-- > 0 ? { stderr: TOO_EARLY } : work());
  const cloud = fakeCloud([
    { when: 'account show', reply: () => ({ json: { tenantId: now.tenantId } }) },
    { when: 'ad app list', reply: () => ({ json: now.applications }) },
    {
      when: 'ad app create',
      reply: (args) => {
        now.applications.push({ appId: 'app-1', displayName: valueAfter(args, '--display-name'), keyCredentials: [] });
        return { json: now.applications[0] };
      },
    },
    {
      when: 'ad app credential reset',
      reply: (args) => {
        if (now.tooEarly-- > 0) return { stderr: TOO_EARLY };
        const { fingerprint } = new X509Certificate(Buffer.from(valueAfter(args, '--cert'), 'base64'));
        now.applications[0]!.keyCredentials.push({ customKeyIdentifier: fingerprint.replaceAll(':', '') });
        return { json: { appId: 'app-1', password: null, tenant: TENANT } };
      },
    },
    { when: 'ad sp list', reply: () => ({ json: now.principals }) },
    {
      when: 'ad sp create',
      reply: early(() => {
        now.principals.push({ id: PRINCIPAL, appId: 'app-1' });
        return { json: now.principals[0] };
      }),
    },
    { when: 'ad app delete', reply: () => ({}) },
  ]);
  return { now, context: { ...quietContext('/nowhere'), cloud } };
}

const changing = (calls: readonly string[][]) =>
  calls
    .filter((args) => !['list', 'show'].includes(args[2]!) && args[0] === 'ad')
    .map((args) => args.slice(1, 4).join(' '));

async function certificateOf(t: TestContext) {
  return makeCertificate(tempFolder(t));
}

suite('the application of the apps on-prem', () => {
  test('is made once: application, certificate, service principal; a second run adds nothing', async (t) => {
    const { certificateFile } = await certificateOf(t);
    const { context, now } = directory();
    const environment = demoEnvironment();
    assert.equal(await ensureApplication(environment, certificateFile, context, { patience }), PRINCIPAL);
    const made = ['app create --display-name', 'app credential reset', 'sp create --id'];
    assert.deepEqual(changing(context.cloud.calls), made);
    assert.equal(now.applications[0]!.displayName, environment.names.application);
    assert.equal(await ensureApplication(environment, certificateFile, context, { patience }), PRINCIPAL);
    assert.deepEqual(changing(context.cloud.calls), made);
  });

  test('a run that was cut off is continued', async (t) => {
    const { certificateFile } = await certificateOf(t);
    const { context } = directory({ applications: [{ appId: 'app-1', displayName: 'x', keyCredentials: [] }] });
    await ensureApplication(demoEnvironment(), certificateFile, context, { patience });
    assert.deepEqual(changing(context.cloud.calls), ['app credential reset', 'sp create --id']);
  });

  test('a thumbprint is known in the other form too', async (t) => {
    const { certificateFile } = await certificateOf(t);
    const { thumbprint } = await readCertificate(certificateFile);
    const customKeyIdentifier = Buffer.from(thumbprint, 'hex').toString('base64');
    const { context } = directory({
      applications: [{ appId: 'app-1', displayName: 'x', keyCredentials: [{ customKeyIdentifier }] }],
      principals: [{ id: PRINCIPAL, appId: 'app-1' }],
    });
    await ensureApplication(demoEnvironment(), certificateFile, context, { patience });
    assert.deepEqual(changing(context.cloud.calls), []);
  });

  test('the certificate keeps its own end, and neither a private key nor a password takes part', async (t) => {
    const { certificateFile, privateKey, validTo } = await certificateOf(t);
    const both = join(tempFolder(t), 'both.pem');
    writeFileSync(both, privateKey + readFileSync(certificateFile, 'utf8'));
    const { context } = directory();
    await ensureApplication(demoEnvironment(), both, context, { patience });
    const reset = context.cloud.calls.find((args) => args[2] === 'credential')!;
    assert.ok(reset.includes('--append'));
    assert.equal(reset[reset.indexOf('--end-date') + 1], validTo.toISOString().replace('.000', ''));
    const lines = privateKey.split('\n').filter((line) => line && !line.startsWith('-----'));
    const said = JSON.stringify(context.cloud.calls);
    for (const line of lines) assert.ok(!said.includes(line));
    assert.doesNotMatch(said, /--password|create-cert|--years/);
    assert.ok(context.cloud.calls.flat().every((word) => !word.startsWith('-----')));
  });

  test('Entra ID that does not know the application yet is asked again', async (t) => {
    const { certificateFile } = await certificateOf(t);
    const { context } = directory({ tooEarly: 3 });
    assert.equal(await ensureApplication(demoEnvironment(), certificateFile, context, { patience }), PRINCIPAL);
  });

  test('two applications of that name, another tenant, and missing rights are told apart', async (t) => {
    const { certificateFile } = await certificateOf(t);
    const one = { displayName: 'x', keyCredentials: [] };
    const twice = directory({
      applications: [
        { appId: 'a', ...one },
        { appId: 'b', ...one },
      ],
    });
    await assert.rejects(ensureApplication(demoEnvironment(), certificateFile, twice.context), {
      code: 'refused',
      why: /cannot be told: a, b$/,
    });
    const elsewhere = directory({ tenantId: '44444444-4444-4444-4444-444444444444' });
    await assert.rejects(ensureApplication(demoEnvironment(), certificateFile, elsewhere.context), {
      code: 'refused',
      next: [`az account set --subscription ${SUBSCRIPTION}`],
    });
    const cloud = fakeCloud([
      { when: 'account show', json: { tenantId: TENANT } },
      { when: 'ad app list', stderr: 'ERROR: Insufficient privileges to complete the operation.\n' },
    ]);
    await assert.rejects(ensureApplication(demoEnvironment(), certificateFile, { ...twice.context, cloud }), {
      code: 'azure_failed',
      message: /Authorization_RequestDenied/,
    });
  });

  test('is ours when it is the one that was made, and not when it was given; only then it is removed', async () => {
    const there = {
      applications: [{ appId: 'app-1', displayName: 'x', keyCredentials: [] }],
      principals: [{ id: PRINCIPAL, appId: 'app-1' }],
    };
    const cases = [
      [there, PRINCIPAL, 'app-1'],
      [there, null, 'app-1'],
      [there, '99999999-9999-9999-9999-999999999999', undefined],
      [{}, PRINCIPAL, undefined],
    ] as const;
    for (const [state, applicationObjectId, ours] of cases) {
      const { context } = directory(structuredClone(state) as Partial<Directory>);
      const environment = demoEnvironment({ applicationObjectId });
      assert.equal(await findOwnApplication(environment, context), ours);
      assert.deepEqual(changing(context.cloud.calls), []);
      if (ours) await removeApplication(ours, environment, context);
      assert.equal(changing(context.cloud.calls).length, ours ? 1 : 0);
    }
  });
});
