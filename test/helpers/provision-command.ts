import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from '../standins/arm/identities.ts';
import { Undoing } from '../standins/environment/scope.ts';
import { type Standins, startStandins } from '../standins/environment/start.ts';
import { azureAnswers } from './azure-answers.ts';
import { storageToken } from './blob-storage.ts';
import { type AzAnswer, fakeAz } from './fake-az.ts';
import { type FakeTerraform, fakeTerraform, type TerraformAnswers } from './fake-terraform.ts';
import { killIfThere } from './kill.ts';
import { recordedTerraform } from './recorded-terraform.ts';
import { type CliResult, runCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

const DEV = join(import.meta.dirname, '..', '..', 'bin', 'dev.js');

/** Azure for the tests of a file: its stand-ins without az, and a token that they take. */
export interface StandinCloud {
  standins: Standins;
  token: string;
  stop(): Promise<void>;
}

export async function startCloud(): Promise<StandinCloud> {
  const undoing = new Undoing();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oms-test-')));
  undoing.after(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const standins = await startStandins(folder, undoing, () => undefined, { withAz: false });
    const { url } = standins.arm;
    const { clientId: client_id, secret: client_secret } = DEPLOYER;
    const form = { grant_type: 'client_credentials', client_id, client_secret, scope: `${url}/.default` };
    const answer = await fetch(`${url}/${TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return { standins, token, stop: () => undoing.end() };
  } catch (error) {
    await undoing.end();
    throw error;
  }
}

/** az as of a healthy subscription that is the stand-in's. */
function answersOf({ standins, token }: StandinCloud): AzAnswer[] {
  const login = (accessToken: string) => ({
    ...{ accessToken, subscription: SUBSCRIPTION_ID, tenant: TENANT_ID, tokenType: 'Bearer' },
    expires_on: Math.floor(Date.now() / 1_000) + 3_600,
  });
  return [
    { when: '--resource https://storage.azure.com', json: login(storageToken()) },
    { when: 'ad app list', json: [] },
    ...azureAnswers({
      token: { json: login(token) },
      cloud: { json: { name: 'AzureStandIn', resourceManager: standins.arm.url } },
    }),
  ];
}

/** A running `oms`. */
export interface Running {
  said: { stdout: string; stderr: string };
  ended: Promise<number | null>;
  /** Ctrl-C on its terminal, which reaches the whole process group. */
  press(): void;
  /** As a reader does that has seen enough. */
  closeStdout(): void;
  kill(): void;
  seen(text: string | RegExp): Promise<unknown>;
}

/** The command as people call it, where terraform and az are fakes and Azure is a stand-in. */
export interface ProvisionCommand {
  dir: string;
  terraform: FakeTerraform;
  az: ReturnType<typeof fakeAz>;
  azAnswers: AzAnswer[];
  run(...args: string[]): Promise<CliResult>;
  start(...args: string[]): Running;
  /** Runs with an apply that has made everything in Azure by the time Terraform says so. */
  apply(...args: string[]): Promise<CliResult>;
}

function startIn(t: TestContext, env: Record<string, string>, cwd: string, args: readonly string[]): Running {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [DEV, ...args], { env, cwd, detached: true, stdio: [...stdio] });
  const said = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => (said.stdout += chunk));
  child.stderr!.on('data', (chunk) => (said.stderr += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) killIfThere(-child.pid!);
  };
  t.after(kill);
  return {
    ...{ said, ended, kill },
    closeStdout: () => void child.stdout!.destroy(),
    press: () => void process.kill(-child.pid!, 'SIGINT'),
    seen: (text) => until(`"${text}" on stderr`, () => said.stderr.match(text), 60_000),
  };
}

/** @param answers in the place of what was recorded. */
export function provisionCommand(
  t: TestContext,
  cloud: StandinCloud,
  answers: TerraformAnswers = {},
): ProvisionCommand {
  const { arm, env: standinEnv } = cloud.standins;
  const recorded = recordedTerraform(standinEnv.OMS_STANDIN_BLOB_ENDPOINT);
  const terraform = fakeTerraform(t, { ...recorded.answers, ...answers });
  const azAnswers = answersOf(cloud);
  const az = fakeAz(t, azAnswers);
  const folder = tempFolder(t);
  const dir = join(folder, '.oms');
  const PATH = `${terraform.bin}:${az.bin}:/usr/bin:/bin`;
  const env = { ...standinEnv, PATH, HOME: folder, NO_COLOR: '1', OMS_DIR: dir };
  t.after(() => {
    for (const id of Object.keys(recorded.resources)) delete arm.state.resources[id];
  });
  const run = (...args: string[]) => runCli(args, { env, cwd: folder });
  return {
    ...{ dir, terraform, az, azAnswers, run },
    start: (...args) => startIn(t, env, folder, args),
    async apply(...args) {
      terraform.answer('apply', {
        waits: { until: 'release', stdout: recorded.answers.apply.stdout!, exitCode: 0 },
      });
      const running = run(...args);
      await Promise.race([running, until('the apply to begin', terraform.isWaiting, 60_000)]);
      Object.assign(arm.state.resources, structuredClone(recorded.resources));
      terraform.release();
      return running;
    },
  };
}
