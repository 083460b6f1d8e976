import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fakeProgram } from './fake-program.ts';
import { tempFolder } from './temp-folder.ts';

const STREAMS = join(import.meta.dirname, '..', 'fixtures', 'terraform-streams');

/** A stream of test/fixtures/terraform-streams as text. */
export const terraformStream = (name: string): string => readFileSync(join(STREAMS, `${name}.jsonl`), 'utf8');

/** What a command answers with. */
export interface TerraformAnswer {
  stdout?: string;
  stderr?: string;
  exitCode?: number;
  /** Runs on until one SIGINT, or until `release()` whatever signal comes; then writes this and ends with its code. */
  waits?: { until: 'interrupt' | 'release'; stdout: string; exitCode: number };
}

/** The commands it knows; "state list" is `state-list`. Without an answer a command succeeds and says nothing. */
export type TerraformAnswers = Partial<
  Record<'init' | 'plan' | 'apply' | 'show' | 'output' | 'state-list' | 'state-rm' | 'force-unlock', TerraformAnswer>
>;

export interface TerraformCall {
  args: string[];
  /** Names of its environment variables. */
  env: string[];
}

export interface FakeTerraform {
  /** The program; its folder can go first on a search path. */
  program: string;
  bin: string;
  calls(): TerraformCall[];
  /** Names of the signals it got, in order. */
  signals(): string[];
  /** A file that is there once it waits for a signal or for `release()`. */
  waiting: string;
  /** A file that is there once it has written all it had to, and was not cut off. */
  ended: string;
  isWaiting(): boolean;
  release(): void;
  /** Replaces an answer. */
  answer(command: keyof TerraformAnswers, answer: TerraformAnswer): void;
  /** What TF_VAR_secrets held at the last call that had it. */
  secrets(): string | undefined;
}

/** Shell, because a Node program takes longer to start than these answers to give. */
const script = (folder: string) => `
F='${folder}'
trap 'echo INT >> "$F/signals"; interrupted=1' INT
trap 'echo TERM >> "$F/signals"' TERM
trap 'echo HUP >> "$F/signals"' HUP
case "$1" in state) name="state-$2";; *) name="$1";; esac
call="$F/calls/$(ls "$F/calls" | wc -l | xargs printf %04d)"
mkdir "$call"
printf '%s\\n' "$@" > "$call/args"
env -0 | tr '\\n' ' ' | tr '\\0' '\\n' | sed 's/=.*//' > "$call/env"
[ -n "$TF_VAR_secrets" ] && printf %s "$TF_VAR_secrets" > "$F/secrets"
for argument; do case "$argument" in -out=*) echo 'a plan' > "\${argument#-out=}";; esac; done
[ -e "$F/$name.out" ] && cat "$F/$name.out"
[ -e "$F/$name.err" ] && cat "$F/$name.err" >&2
if [ -e "$F/$name.until" ]; then
  touch "$F/waiting"
  until=$(cat "$F/$name.until")
  while :; do
    [ "$until" = interrupt ] && [ -n "$interrupted" ] && break
    [ -e "$F/release" ] && break
    [ -d "$F" ] || exit 9
    sleep 0.02
  done
  cat "$F/$name.afterwards" && touch "$F/ended"
fi
[ -e "$F/$name.code" ] && exit "$(cat "$F/$name.code")"
exit 0`;

function writeAnswer(folder: string, command: string, answer: TerraformAnswer): void {
  const files = {
    out: answer.stdout ?? '',
    err: answer.stderr ?? '',
    // A command that waits ends as its waiting says.
    code: String(answer.waits?.exitCode ?? answer.exitCode ?? 0),
    ...(answer.waits && { until: answer.waits.until, afterwards: answer.waits.stdout }),
  };
  for (const [end, text] of Object.entries(files)) writeFileSync(join(folder, `${command}.${end}`), text);
}

function readCalls(folder: string): TerraformCall[] {
  const lines = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return readdirSync(join(folder, 'calls'))
    .sort()
    .map((call) => ({
      args: lines(join(folder, 'calls', call, 'args')),
      env: lines(join(folder, 'calls', call, 'env')),
    }));
}

/**
 * A `terraform` that plays back what it is told: streams, exit codes, waiting for signals. It records how it was
 * called; of the environment the names alone, and the secrets for a look at what arrived.
 */
export function fakeTerraform(t: TestContext, answers: TerraformAnswers = {}, version = '1.16.0'): FakeTerraform {
  const folder = tempFolder(t);
  const bin = join(folder, 'bin');
  mkdirSync(join(folder, 'calls'));
  const program = fakeProgram(join(bin, 'terraform'), script(folder));
  const answer = (command: string, what: TerraformAnswer) => writeAnswer(folder, command, what);
  answer('version', { stdout: `Terraform v${version}\non linux_amd64\n` });
  for (const [command, what] of Object.entries(answers)) answer(command, what);
  const read = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const release = () => writeFileSync(join(folder, 'release'), '');
  return {
    program,
    bin,
    answer,
    waiting: join(folder, 'waiting'),
    isWaiting: () => existsSync(join(folder, 'waiting')),
    ended: join(folder, 'ended'),
    release,
    calls: () => readCalls(folder),
    signals: () => (read('signals') ?? '').split('\n').filter(Boolean),
    secrets: () => read('secrets'),
  };
}
