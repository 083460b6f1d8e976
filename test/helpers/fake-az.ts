import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fakeProgram } from './fake-program.ts';
import { tempFolder } from './temp-folder.ts';

/** What the fake az does when it is called with arguments that hold `when`. */
export interface AzAnswer {
  /** Words that stand together in the call, such as "account show". */
  when: string;
  /** Printed as JSON. */
  json?: unknown;
  /** Printed as it is. */
  stdout?: string;
  stderr?: string;
  code?: number;
  /** Never answers, and has started a process that does not either. */
  hangs?: boolean;
  /** Prints without end. */
  endless?: boolean;
}

/** One call as the fake az saw it. */
export interface AzCall {
  args: string[];
  /** Names of the environment's variables. */
  env: string[];
  /** Of the program and what it has started. */
  pids: number[];
}

/** Texts of az 2.45 and of Entra ID, as they come on stderr. */
export const AZ_SAYS = {
  notLoggedIn: "ERROR: Please run 'az login' to setup account.\n",
  expired:
    'ERROR: AADSTS700082: The refresh token has expired due to inactivity. The token was issued on ' +
    '2026-01-05T08:11:20.3021416Z and was inactive for 90.00:00:00.\n' +
    'Trace ID: 6a2f7c2e-5d7c-4d35-9f5c-0f1b8a1c1200\nCorrelation ID: 7b0b6f5c-9f52-4f2b-8b3a-3a8f2d6d9c11\n' +
    'Timestamp: 2026-04-20 07:02:11Z\nInteractive authentication is needed. Please run:\naz login\n',
  denied:
    "ERROR: (AuthorizationFailed) The client 'ada@example.org' with object id " +
    "'33333333-3333-3333-3333-333333333333' does not have authorization to perform action " +
    "'Microsoft.Resources/subscriptions/providers/read' over scope '/subscriptions/22222222-2222-2222-2222-222222222222' " +
    'or the scope is invalid. If access was recently granted, please refresh your credentials.\n' +
    'Code: AuthorizationFailed\nMessage: The client does not have authorization to perform action.\n',
  restNotFound:
    'ERROR: Not Found({"error":{"code":"ResourceGroupNotFound","message":"Resource group \'rg-oms-demo\' could not be found."}})\n',
  unknownSubscription:
    "ERROR: Subscription '99999999-9999-9999-9999-999999999999' not found. Check the spelling and casing and try again.\n",
  noBlobRole:
    'ERROR: \nYou do not have the required permissions needed to perform this operation.\nDepending on your operation, ' +
    'you may need to be assigned one of the following roles:\n    "Storage Blob Data Owner"\n' +
    '    "Storage Blob Data Contributor"\n',
} as const;

const PROGRAM = `
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
const [folder, ...args] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(folder + '/answers.json', 'utf8'));
const answer = answers.find(({ when }) => (' ' + args.join(' ') + ' ').includes(' ' + when + ' '));
const started = answer?.hangs ? [spawn('sleep', ['1000'], { stdio: 'inherit' }).pid] : [];
const call = { args, env: Object.keys(process.env), pids: [process.pid, ...started] };
appendFileSync(folder + '/calls', JSON.stringify(call) + '\\n');
if (!answer) {
  process.stderr.write("ERROR: '" + args.join(' ') + "' is misspelled or not recognized by the system.\\n");
  process.exitCode = 2;
} else if (answer.endless) {
  const block = 'x'.repeat(65536);
  const more = () => { while (process.stdout.write(block)); process.stdout.once('drain', more); };
  process.stdout.on('error', () => process.exit(1));
  more();
} else if (!answer.hangs) {
  process.stdout.write('json' in answer ? JSON.stringify(answer.json) : answer.stdout ?? '');
  process.stderr.write(answer.stderr ?? '');
  process.exitCode = answer.code ?? (answer.stderr ? 1 : 0);
}
`;

/** Puts an az on PATH that answers from a table, first match first, and remembers what it was called with. */
export function fakeAz(t: TestContext, answers: readonly AzAnswer[]) {
  const folder = tempFolder(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = join(folder, 'az.mjs');
  writeFileSync(program, PROGRAM);
  fakeProgram(join(bin, 'az'), `"${process.execPath}" "${program}" "${folder}" "$@"`);
  const answer = (table: readonly AzAnswer[]) => writeFileSync(join(folder, 'answers.json'), JSON.stringify(table));
  answer(answers);
  const calls = join(folder, 'calls');
  const record = () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '');
  const path = process.env.PATH;
  process.env.PATH = `${bin}:/usr/bin:/bin`;
  t.after(() => {
    process.env.PATH = path;
  });
  return {
    bin,
    /** Replaces the table. */
    answer,
    /** Every call so far; none where there was none. */
    calls: (): AzCall[] =>
      record()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    /** Everything it has recorded, as text. */
    record,
  };
}
