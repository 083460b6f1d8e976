import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { makeCertificates } from '../../helpers/certificates.ts';
import { fakeProgram } from '../../helpers/fake-program.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { startArm } from '../../standins/arm/arm.ts';
import { prepareAz } from '../../standins/environment/azure.ts';

test("where the stand-ins have no az, the machine's own is not taken: it is logged in to Azure", async (t) => {
  const folder = tempFolder(t);
  const certificates = await makeCertificates(folder);
  const arm = await startArm({ certificate: certificates });
  t.after(() => arm.stop());
  const own = fakeProgram(join(folder, 'machine', 'az'), 'echo "reached Azure"');
  const path = process.env.PATH;
  process.env.PATH = `${join(own, '..')}${delimiter}${path}`;
  t.after(() => {
    process.env.PATH = path;
  });
  const unpack = () => Promise.reject(new Error('E: Unable to locate package azure-cli'));
  const { env, missing } = await prepareAz(folder, arm, certificates, () => undefined, unpack);
  assert.equal(missing, 'E: Unable to locate package azure-cli');
  const { status, stdout, stderr } = spawnSync('az', ['account', 'show'], { env, encoding: 'utf8' });
  assert.deepEqual([status, stdout], [1, '']);
  assert.equal(stderr, 'az: not run among the stand-ins (E: Unable to locate package azure-cli)\n');
});
