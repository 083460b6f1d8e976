import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ARCHIVE_CONTAINER, ARCHIVE_DAYS, FILE_CONTAINERS, HUBS } from '../../src/stages/provision/topology.ts';
import { installProviders } from '../standins/terraform/cli-config.ts';
import { tempFolder } from './temp-folder.ts';

const TEMPLATE = join(import.meta.dirname, '..', '..', 'templates', 'terraform');

/** Text that may never be found anywhere but in the environment of Terraform. */
export const SECRET = 'canary-of-the-vault-7b1f';

export interface TerraformResult {
  code: number | null;
  /** stdout and stderr as they came. */
  output: string;
}

/** A folder with a configuration, and Terraform in it. */
export interface TerraformFolder {
  folder: string;
  run(...args: string[]): Promise<TerraformResult>;
}

/** Whether this machine has terraform; tells the reader of the tests when it has not. */
export function hasTerraform(t: TestContext): boolean {
  const { status, error } = spawnSync('terraform', ['version'], { stdio: 'ignore' });
  if (status !== 0) t.diagnostic(`terraform: not run (${error ? 'not on PATH' : `exit code ${status}`})`);
  return status === 0;
}

function saidByProviders({ OMS_STANDIN_ERRORS: file }: Record<string, string>): string {
  return file && existsSync(file) ? `\nThe stand-ins said:\n${readFileSync(file, 'utf8')}` : '';
}

function runTerraform(folder: string, args: string[], env: Record<string, string>): Promise<TerraformResult> {
  const child = spawn('terraform', args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, output: code === 0 ? output : output + saidByProviders(env) })),
  );
}

/** An empty folder where Terraform finds the stand-ins and nothing else. */
export function terraformFolder(t: TestContext, env: Record<string, string> = {}): TerraformFolder {
  const folder = tempFolder(t);
  const standins = installProviders(tempFolder(t));
  const all = { ...standins, TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '-no-color', TF_INPUT: '0', ...env };
  return { folder, run: (...args) => runTerraform(folder, args, all) };
}

/** What the template is given in these tests. */
export const VARIABLES = {
  subscription_id: '22222222-2222-2222-2222-222222222222',
  environment: 'demo',
  location: 'westeurope',
  names: {
    resource_group: 'rg-oms-demo',
    namespace: 'evhns-oms-demo-test',
    archive_account: 'stomsarchivetest',
    files_account: 'stomsfilestest',
    key_vault: 'kv-oms-demo-test',
    log_workspace: 'log-oms-demo',
    capture_identity: 'id-oms-demo-capture',
  },
  capacity: { sku: 'Standard', units: 6, maximum_units: 12 },
  hubs: Object.fromEntries(
    HUBS.map((hub) => [
      hub.name,
      {
        partitions: hub.partitions === 'sized' ? 8 : hub.partitions,
        retention_hours: hub.retentionHours,
        capture: hub.capture,
        consumer_groups: hub.consumerGroups,
      },
    ]),
  ),
  archive: { container: ARCHIVE_CONTAINER, retention_days: ARCHIVE_DAYS, locked: false, redundancy: 'RAGRS' },
  file_containers: FILE_CONTAINERS,
  allowed_ranges: ['203.0.113.0/24'],
  alert_emails: ['orders@example.com'],
  budget: { amount: 100, start_date: '2026-12-01T00:00:00Z' },
  application_object_id: '99999999-9999-4999-8999-999999999999',
  secret_names: ['admin-token'],
};

/** Overrides that take `prevent_destroy` away lie beside the template, as it would be laid over it. */
export function releaseProtection({ folder }: TerraformFolder): void {
  cpSync(join(TEMPLATE, 'release'), folder, { recursive: true });
}

/** The template with its variables, initialised. */
export async function templateFolder(t: TestContext, env: Record<string, string> = {}): Promise<TerraformFolder> {
  const terraform = terraformFolder(t, { TF_VAR_secrets: JSON.stringify({ 'admin-token': SECRET }), ...env });
  cpSync(TEMPLATE, terraform.folder, { recursive: true });
  rmSync(join(terraform.folder, 'release'), { recursive: true });
  writeFileSync(join(terraform.folder, 'oms.auto.tfvars.json'), JSON.stringify(VARIABLES));
  const { code, output } = await terraform.run('init');
  if (code !== 0) throw new Error(output);
  return terraform;
}
