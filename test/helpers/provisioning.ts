import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Arm } from '../standins/arm/arm.ts';
import { Undoing } from '../standins/environment/scope.ts';
import { startStandins } from '../standins/environment/start.ts';
import { recordingProgram, whereIs } from './recording-program.ts';
import { type CliResult, runCli } from './run-cli.ts';
import { makeCertificate } from './sign-in-certificate.ts';
import { zipEntries } from './zip-entries.ts';

/** `oms` where Azure's part is played by stand-ins, with the real terraform and the real az; everything is recorded. */
export interface Provisioning {
  arm: Arm;
  /** Of everything oms keeps. */
  dir: string;
  /** File of a certificate for the apps to sign in with. */
  certificate: string;
  run(...args: string[]): Promise<CliResult>;
  /** With --json: the exit code and what is in the envelope. */
  // biome-ignore lint/suspicious/noExplicitAny: results of every shape
  json(...args: string[]): Promise<{ code: number; result: any; error: any; stderr: string }>;
  /** Values that Terraform got for the vault. */
  secrets(): string[];
  /** Everything that was written anywhere, by where it was. */
  traces(): Map<string, Buffer>;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** Starts the stand-ins for a test. @returns what this machine lacks instead, where it lacks something. */
export async function startProvisioning(t: TestContext): Promise<Provisioning | { missing: string }> {
  const undoing = new Undoing();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oms-test-')));
  t.after(async () => {
    await undoing.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const terraform = whereIs('terraform');
  if (!terraform) return { missing: 'terraform' };
  const { env, arm } = await startStandins(join(folder, 'standins'), undoing, () => undefined);
  if (!env.AZURE_CONFIG_DIR) return { missing: 'az' };
  const [bin, records, dir] = ['bin', 'records', '.oms'].map((name) => join(folder, name)) as [string, string, string];
  mkdirSync(records);
  recordingProgram(bin, records, terraform);
  recordingProgram(bin, records, whereIs('az', env.PATH)!);
  const { certificateFile } = await makeCertificate(folder);
  const said: string[] = [];
  const run = async (...args: string[]) => {
    const call = { ...env, PATH: `${bin}:${env.PATH}`, HOME: folder, OMS_DIR: dir };
    const result = await runCli(args, { env: call, cwd: folder });
    said.push(result.stdout, result.stderr);
    return result;
  };
  return {
    arm,
    dir,
    certificate: certificateFile,
    run,
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, '--json');
      return { result: undefined, error: undefined, ...JSON.parse(stdout), code, stderr };
    },
    secrets: () => linesOf(join(records, 'secrets')).flatMap((line) => Object.values<string>(JSON.parse(line))),
    traces() {
      const plans = readdirSync(records).filter((name) => name.endsWith('.tfplan'));
      const parts = plans.flatMap((name) =>
        zipEntries(readFileSync(join(records, name))).map((data, index) => [`${name}/${index}`, data] as const),
      );
      return new Map([
        ['what oms printed', Buffer.from(said.join('\n'))],
        ['arguments', readFileSync(join(records, 'argv'))],
        ['requests to Azure', Buffer.from(JSON.stringify(arm.requests))],
        ...parts,
        ...filesBelow(dir).map((file) => [file, readFileSync(file)] as const),
      ]);
    },
  };
}
