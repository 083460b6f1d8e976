import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fakeProgram } from './fake-program.ts';
import { setEnvironment } from './set-environment.ts';
import { tempFolder } from './temp-folder.ts';

/** An "unpacked" server: what the fake dpkg writes for each package. */
export const UNPACK = `
root="$3/usr"; mkdir -p "$root/sbin" "$root/share/mysql"
printf '#!/bin/sh\\necho "mariadbd  Ver 10.11.18-MariaDB"\\n' > "$root/sbin/mariadbd"
chmod +x "$root/sbin/mariadbd"; touch "$root/share/mysql/mysql_system_tables.sql"`;

/** Resolves, updates and downloads; with STALE set, only after an update. */
export const APT = `
case "$*" in
  *"-s "*) echo "Inst libaio1 (0.3 Debian [amd64])"; echo "Inst mariadb-server-core (10.11 Debian [amd64])";;
  *update*) touch "$FIXTURE/updated";;
  *download*) [ -n "$STALE" ] && [ ! -e "$FIXTURE/updated" ] && { echo "E: 404 Not Found" >&2; exit 100; }
    touch libaio1.deb mariadb-server-core.deb;;
esac`;

/** Puts fake tools first on PATH; the programs log what they were called with. */
export function withTools(t: TestContext, tools: Record<string, string>, variables: Record<string, string> = {}) {
  const folder = tempFolder(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(tools)) {
    fakeProgram(join(bin, name), `echo "${name} $*" >> "$FIXTURE/calls"${script}`);
  }
  const values = { PATH: `${bin}:/usr/bin:/bin`, FIXTURE: folder, STALE: '', ...variables };
  setEnvironment(t, values);
  return {
    cacheDir: join(folder, 'cache'),
    bin,
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean),
  };
}
