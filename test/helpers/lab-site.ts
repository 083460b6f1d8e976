import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { LabServer } from '../standins/servers/server.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { BUILT } from './release-copy.ts';
import { type CliResult, runCli } from './run-cli.ts';
import { type SiteClient, siteClient } from './site-client.ts';
import { type LoadCount, startLoad } from './site-load.ts';
import { tempFolder } from './temp-folder.ts';
import { until } from './until.ts';

export const DOMAIN = 'shop.test';
const PRODUCTS = 50;
/** Requests a second: what two cores carry that also build, start and check what is deployed. */
const RATE = 20;
/** Answers in a row, which the proxy has had from all order APIs: each reads the catalogue for itself. */
const TURNS = 6;
/** Twelve hours from now: a nightly backup would be one more than a test makes, or lock the site while it deploys. */
export const atAnotherTime = () => new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);

const CACHE = join(import.meta.dirname, '..', '..', '.oms', 'cache');

/** What a command with --json ends with when it fails. */
export interface Failure {
  exit: number;
  code: string;
  message: string;
  why?: string;
  next: string[];
}

export interface CallOptions {
  /** bin/run.js of another release. */
  program?: string;
}

/** A site on servers of the lab, as its operator and its customers meet it. */
export interface LabSite {
  server: LabServer;
  client: SiteClient;
  certificates: Certificates;
  folder: string;
  oms(args: readonly string[], options?: CallOptions): Promise<CliResult>;
  /** Result of `oms ... --json`; fails unless it ends with 0. */
  json<Result>(args: readonly string[], options?: CallOptions): Promise<Result>;
  /** The error of `oms ... --json`; fails when it ends with 0. */
  failure(args: readonly string[], options?: CallOptions): Promise<Failure>;
  /** Rows of the shop's database, columns parted by tabs. */
  sql(statement: string): Promise<string[]>;
  /** A shell on the server, as root; fails unless it ends with 0. */
  shell(script: string): Promise<string>;
  /** A catalogue, once it shows. */
  seed(): Promise<void>;
  /** A customer of the site's own, with connections of their own. */
  customer(): SiteClient;
  /** What customers meet while the work is done and until there were so many requests. */
  underLoad(work: (count: LoadCount) => Promise<unknown>, least?: number): Promise<LoadCount>;
}

function envelope(args: readonly string[], { stdout, stderr }: CliResult) {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`oms ${args.join(' ')} gave no JSON: ${stdout}${stderr}`);
  }
}

/** What `oms` is for this site: its own folder, and Ansible out of the checkout's cache where it was unpacked there. */
function operator(folder: string) {
  const dir = join(folder, 'oms');
  mkdirSync(dir);
  mkdirSync(CACHE, { recursive: true });
  symlinkSync(CACHE, join(dir, 'cache'));
  const oms: LabSite['oms'] = (args, { program = BUILT } = {}) =>
    runCli(args, { program, cwd: folder, env: { OMS_DIR: dir } });
  const json = async <Result>(args: readonly string[], options?: CallOptions): Promise<Result> => {
    const ended = await oms([...args, '--json'], options);
    assert.equal(ended.code, 0, `oms ${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    return envelope(args, ended).result;
  };
  const failure: LabSite['failure'] = async (args, options) => {
    const ended = await oms([...args, '--json'], options);
    assert.notEqual(ended.code, 0, `oms ${args.join(' ')} ended well: ${ended.stdout}`);
    return { exit: ended.code, ...envelope(args, ended).error };
  };
  const secret = (name: string) => readFileSync(join(dir, 'demo', 'secrets', name), 'utf8').trim();
  return { oms, json, failure, secret };
}

/** Orders that were placed twice, or acknowledged and are not there. */
export async function assertStored({ sql }: LabSite, orders: ReadonlyMap<string, string>): Promise<void> {
  const keys = [...orders.keys()];
  const where = `idempotency_key IN (${keys.map((key) => `'${key}'`).join(', ')})`;
  const count = `SELECT COUNT(*), COUNT(DISTINCT idempotency_key), COUNT(DISTINCT order_id) FROM orders WHERE ${where}`;
  const stored = async () => (await sql(count))[0];
  const wanted = [keys.length, keys.length, orders.size].join('\t');
  await until('every acknowledged order is stored', async () => (await stored()) === wanted, 60_000).catch(
    () => undefined,
  );
  assert.equal(await stored(), wanted, 'stored, keys, orders');
  const ids = (await sql(`SELECT idempotency_key, BIN_TO_UUID(order_id) FROM orders WHERE ${where}`)).map((row) =>
    row.split('\t'),
  );
  assert.deepEqual(Object.fromEntries(ids), Object.fromEntries(orders));
}

/**
 * Nothing is deployed yet; everything made for it here goes with the test.
 * @param server which customers come to.
 * @param data the one with the database, where that is another.
 */
export async function labSite(t: TestContext, server: LabServer, data = server): Promise<LabSite> {
  const folder = tempFolder(t);
  const certificates = await makeCertificates(join(folder, 'certificates'), [DOMAIN]);
  const customer = () => {
    const made = siteClient({ address: server.address, domain: DOMAIN, ca: certificates.ca });
    t.after(() => made.close());
    return made;
  };
  const client = customer();
  const { secret, ...calls } = operator(folder);
  const shell = async (script: string) => {
    const { code, stdout, stderr } = await server.exec(['sh', '-c', script]);
    assert.equal(code, 0, `${script}: ${stderr}`);
    return stdout;
  };
  const sql = async (statement: string) => {
    const mysql = ['mysql', '-uroot', '--batch', '--skip-column-names', 'oms'];
    const env = `MYSQL_PWD=${secret('mysql-root-password')}`;
    const { code, stdout, stderr } = await data.exec(
      ['docker', 'exec', '-i', '-e', env, 'oms-mysql-1', ...mysql],
      statement,
    );
    assert.equal(code, 0, `${statement}: ${stderr}`);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const products = async () => {
    const answer = await client.ask(`/api/products?limit=${PRODUCTS}`);
    return answer.status === 200 ? (JSON.parse(answer.text).items as { sku: string }[]) : [];
  };
  const seed = async () => {
    await calls.json(['seed', '--env', 'demo', '--orders', '0', '--products', String(PRODUCTS)]);
    let inTurn = 0;
    const everywhere = async () => {
      inTurn = (await products()).length === PRODUCTS ? inTurn + 1 : 0;
      return inTurn === TURNS;
    };
    await until('every order API shows the catalogue', everywhere, 30_000);
  };
  let loads = 0;
  const underLoad: LabSite['underLoad'] = async (work, least = 0) => {
    const skus = (await products()).map(({ sku }) => sku);
    const load = startLoad({ client, skus, rate: RATE, name: `load${++loads}` });
    try {
      await until('customers are there', () => load.count.requests >= RATE, 30_000);
      await work(load.count);
      await until(`${least} requests`, () => load.count.requests >= least, 300_000);
    } finally {
      await load.stop();
    }
    return load.count;
  };
  return { server, client, customer, certificates, folder, ...calls, sql, shell, seed, underLoad };
}
