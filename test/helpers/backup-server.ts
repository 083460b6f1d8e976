import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TestDatabase } from './database.ts';
import { findDatabaseClient } from './database-client.ts';
import { fakeProgram } from './fake-program.ts';
import { PLAYBOOK_FOLDER } from './site-on-this-machine.ts';
import { tempFolder } from './temp-folder.ts';

export const BACKUP_PROGRAM = join(PLAYBOOK_FOLDER, 'roles/backup/files/oms-backup.py');

/**
 * Stands for `docker`: one container of mysql, whose programs run on this machine against the test's server. They are
 * MariaDB's, which knows neither of three options of mysqldump nor lets this account switch the binary log off; what
 * is left of the call is as it was written.
 */
const DOCKER = (folder: string, bin: string, libraries: string) => `
export LD_LIBRARY_PATH='${libraries}'
options='--defaults-extra-file=${folder}/client.cnf'
if [ "$1" = ps ]; then
  case "$*" in *service=mysql*) echo c0 ;; *service=hub*) [ -f '${folder}/hub' ] && echo c1 ;; esac
  exit 0
fi
if [ "$1" = compose ]; then
  for word; do
    shift
    case "$word" in --*|compose|never|oms|'${folder}'/*|/*) ;; *) set -- "$@" "$word" ;; esac
  done
  echo "$*" >> '${folder}/compose'
  [ "$1" = "$(cat '${folder}/failing' 2>/dev/null)" ] && { echo "it does not want to" >&2; exit 1; }
  [ "$1" = run ] && echo '{"changed":false}'
  exit 0
fi
shift
[ "$1" = --interactive ] && shift
container=$1
shift
case "$1" in
  mysqldump)
    shift 2
    for word; do
      shift
      case "$word" in --set-gtid-purged=*|--column-statistics=*|--loose-skip-masking-policies) ;; *) set -- "$@" "$word" ;; esac
    done
    [ -f '${folder}/dump' ] && . '${folder}/dump'
    exec '${bin}/mariadb-dump' "$options" "$@" ;;
  sh)
    shift 4
    for word; do
      shift
      case "$word" in mysql|--user=root|--init-command=*) ;; *) set -- "$@" "$word" ;; esac
    done
    [ -f '${folder}/client' ] && . '${folder}/client'
    exec '${bin}/mariadb' "$options" "$@" ;;
  df) shift; [ -f '${folder}/df' ] && exec cat '${folder}/df'; exec df "$@" ;;
  node) exec cat '${folder}/hub' ;;
esac
exit 9`;

export interface BackupAnswer {
  code: number;
  said: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command answers in a form of its own.
  answer: any;
}

/** A "server" with the backup program, whose database is a schema of the test. */
export async function backupServer(t: TestContext, database: TestDatabase) {
  const folder = tempFolder(t);
  const { bin, libraries } = await findDatabaseClient();
  const { hostname, port, username, password } = new URL(database.url);
  const client = [`host=${hostname}`, `port=${port}`, `user=${username}`, `password=${password}`, 'protocol=tcp'];
  writeFileSync(join(folder, 'client.cnf'), ['[client]', ...client, ''].join('\n'));
  fakeProgram(join(folder, 'bin', 'docker'), DOCKER(folder, bin, libraries));
  const home = join(folder, 'home');
  const backups = join(home, 'backups');
  mkdirSync(backups, { recursive: true });
  writeFileSync(join(home, 'state.json'), JSON.stringify({ release: 'r-0123456789ab' }));
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const argv = [BACKUP_PROGRAM, '--home', home, '--project', 'oms', '--schema', database.schema];

  const run = (...words: string[]) =>
    new Promise<BackupAnswer>((resolve) => {
      execFile('python3', ['-B', ...argv, ...words], { env }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        resolve({ code, said: stderr.trim(), answer: stdout ? JSON.parse(stdout) : undefined });
      });
    });
  return {
    home,
    backups,
    run,
    /** @throws when it fails */
    async ok(...words: string[]) {
      const { code, said, answer } = await run(...words);
      if (code !== 0) throw new Error(`oms-backup ${words.join(' ')}: ${said}`);
      return answer;
    },
    start: (...words: string[]) =>
      spawn('python3', ['-B', ...argv, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    /** Shell that runs before the dump, or before a statement. */
    before: (what: 'dump' | 'client', script: string) => writeFileSync(join(folder, what), script),
    /** What df says of the tables' disk; what GET /hubs of the hub answers. */
    answer: (what: 'df' | 'hub', text: string) => writeFileSync(join(folder, what), text),
    /** What Compose was asked for since the last time; and which of it fails from now on. */
    compose() {
      const file = join(folder, 'compose');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      rmSync(file, { force: true });
      return lines;
    },
    failing: (word: string) => writeFileSync(join(folder, 'failing'), word),
    files: () =>
      readdirSync(backups)
        .filter((name) => name !== '.lock')
        .sort(),
    manifest: (name: string) => JSON.parse(readFileSync(join(backups, `${name}.json`), 'utf8')),
    has: (name: string) => existsSync(join(backups, name)),
    path: (name: string) => join(backups, name),
    folder,
  };
}
