import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fakeProgram } from './fake-program.ts';

/** Path of a program on this search path; undefined where it is not there. */
export function whereIs(program: string, path = process.env.PATH ?? ''): string | undefined {
  const { stdout, status } = spawnSync('/bin/sh', ['-c', `command -v '${program}'`], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Puts a program of the same name into `bin`. It writes down its arguments (records/argv) and its TF_VAR_secrets
 * (records/secrets), keeps a copy of every plan that is applied, and goes on as the real one.
 */
export function recordingProgram(bin: string, records: string, real: string): void {
  const name = real.split('/').at(-1)!;
  fakeProgram(
    join(bin, name),
    `printf '%s\\n' "${name} $*" >> '${records}/argv'
[ -n "$TF_VAR_secrets" ] && printf '%s\\n' "$TF_VAR_secrets" >> '${records}/secrets'
[ "$1" = apply ] && for plan; do :; done && cp "$plan" "${records}/$$.tfplan"
exec '${real}' "$@"`,
  );
}
