/**
 * Makes test/fixtures/terraform-recorded/: what the real Terraform says, and what the stand-in of Azure Resource Manager
 * holds afterwards, when `oms provision` makes a whole environment. Needs terraform on PATH, and az (it is unpacked when
 * it is missing); see the README there.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeProgram } from '../test/helpers/fake-program.ts';
import { RECORDED_FLAGS } from '../test/helpers/recorded-terraform.ts';
import { whereIs } from '../test/helpers/recording-program.ts';
import { runCli } from '../test/helpers/run-cli.ts';
import { Undoing } from '../test/standins/environment/scope.ts';
import { type Standins, startStandins } from '../test/standins/environment/start.ts';

const FIXTURES = join(import.meta.dirname, '..', 'test', 'fixtures', 'terraform-recorded');
/** Parts of a plan that oms reads; the rest is ten times as long. */
const READ = ['format_version', 'terraform_version', 'resource_changes', 'output_changes', 'applyable'];

async function provision(folder: string, { env }: Standins): Promise<string> {
  const terraform = whereIs('terraform');
  if (!terraform) throw new Error('there is no terraform on PATH');
  const bin = join(folder, 'bin');
  // Terraform writes to a file, so that a pipe to tee breaks nothing here.
  fakeProgram(
    join(bin, 'terraform'),
    `'${terraform}' "$@" > '${folder}/'"$1"; code=$?; cat '${folder}/'"$1"; exit $code`,
  );
  const call = { ...env, PATH: `${bin}:${env.PATH}`, HOME: folder, OMS_DIR: join(folder, '.oms') };
  const { code, stderr } = await runCli(['provision', ...RECORDED_FLAGS, '--no-canary', '--yes'], { env: call });
  if (code !== 0) throw new Error(stderr);
  return folder;
}

/** Addresses of this run, replaced by names that a test fills in. */
const portable = (text: string, { env }: Standins) =>
  text.replaceAll(env.OMS_STANDIN_BLOB_ENDPOINT!, '{blobs}').replaceAll(env.OMS_STANDIN_ARM!, '{arm}');

function write(folder: string, standins: Standins): void {
  const said = (command: string) => portable(readFileSync(join(folder, command), 'utf8'), standins);
  const plan = JSON.parse(said('show'));
  const resources = Object.entries(standins.arm.state.resources).filter(([id]) => id.includes('/rg-oms-demo'));
  const files = {
    'plan.jsonl': said('plan'),
    'apply.jsonl': said('apply'),
    'plan.json': JSON.stringify(Object.fromEntries(READ.map((part) => [part, plan[part]]))),
    'outputs.json': said('output'),
    'arm.json': portable(JSON.stringify(Object.fromEntries(resources)), standins),
  };
  mkdirSync(FIXTURES, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(FIXTURES, name), text);
  const json = Object.keys(files).filter((name) => name.endsWith('.json'));
  execFileSync('npx', ['biome', 'format', '--write', ...json.map((name) => join(FIXTURES, name))], { stdio: 'ignore' });
}

const folder = mkdtempSync(join(tmpdir(), 'oms-record-'));
const undoing = new Undoing();
try {
  const standins = await startStandins(
    join(folder, 'standins'),
    undoing,
    (text) => void process.stderr.write(`${text}\n`),
  );
  write(await provision(folder, standins), standins);
} finally {
  await undoing.end();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
