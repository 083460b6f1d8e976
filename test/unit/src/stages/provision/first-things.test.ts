import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../../../../src/stages/provision/environment.ts';
import { firstSteps } from '../../../../../src/stages/provision/first-things.ts';
import type { Account } from '../../../../../src/stages/provision/preflight/account.ts';
import { ANSWERS, demoEnvironment } from '../../../../helpers/azure-answers.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';
import { makeCertificate } from '../../../../helpers/sign-in-certificate.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const PRINCIPAL = '55555555-5555-5555-5555-555555555555';
const LOCAL = { state: { kind: 'local' } } as const;

/** Runs all first steps for an environment. @returns what is kept of it afterwards. */
async function begin(t: TestContext, wanted: Environment, saved?: Environment): Promise<Environment> {
  const { context, paths } = provisionSetting(t);
  context.cloud = fakeCloud([
    { when: 'ad app list', json: [{ appId: 'app-1', displayName: 'oms-demo', keyCredentials: [] }] },
    { when: 'ad app credential reset', json: {} },
    { when: 'ad sp list', json: [{ id: PRINCIPAL, appId: 'app-1' }] },
    ANSWERS.account,
    ANSWERS.providers,
  ]);
  if (saved) {
    mkdirSync(paths.folder, { recursive: true });
    context.machine.writeJson(paths.environment, saved);
  }
  const { certificateFile } = await makeCertificate(tempFolder(t));
  const beginning = { environment: wanted, paths, account: {} as Account, certificate: certificateFile };
  for (const step of firstSteps(context)) await step.run(beginning, () => undefined, undefined as never);
  return JSON.parse(readFileSync(paths.environment, 'utf8'));
}

test('what a new environment is made of is kept before anything is made', async (t) => {
  const wanted = demoEnvironment(LOCAL);
  assert.deepEqual(await begin(t, wanted), { ...wanted, applicationObjectId: PRINCIPAL });
});

test('what an environment was made of is kept until another plan for it is agreed to', async (t) => {
  const saved = demoEnvironment(LOCAL);
  const wanted = demoEnvironment({ ...LOCAL, monthlyBudget: 500, captureIntervalSeconds: 60 });
  assert.deepEqual(await begin(t, wanted, saved), { ...saved, applicationObjectId: PRINCIPAL });
});
