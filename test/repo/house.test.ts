import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const sources = tracked.filter((file) => /^(src|apps|lib)\/.*\.ts$/.test(file));

/** Files of `candidates` whose text matches, as `file:line`. */
function places(candidates: readonly string[], pattern: RegExp): string[] {
  return candidates.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

const outside = (...rooms: string[]) => sources.filter((file) => !rooms.some((room) => file.startsWith(room)));

suite('the house', () => {
  test('one app never imports another', () => {
    const apps = sources.filter((file) => file.startsWith('apps/'));
    const strangers = apps.flatMap((file) => {
      const own = file.split('/')[1];
      const imports = [...read(file).matchAll(/from '([^']+)'/g)].map((match) => match[1]!);
      return imports
        .filter((path) => /\/apps\//.test(path) || (/^\.\.\//.test(path) && leavesApp(file, path, own)))
        .map((path) => `${file} -> ${path}`);
    });
    assert.deepEqual(strangers, []);
  });

  test('the environment is read in config, in lib/runtime and nowhere else', () => {
    // The runner of external tools and the supervisor hand their own environment on to the processes they start.
    const rooms = ['src/config/', 'lib/runtime/', 'src/adapters/exec/', 'apps/supervisor/'];
    assert.deepEqual(places(outside(...rooms), /process\.env\b/), []);
  });

  test('only the outermost code ends the process', () => {
    const rooms = ['src/base-command.ts', 'lib/runtime/lifecycle.ts', 'apps/supervisor/main.ts'];
    assert.deepEqual(places(outside(...rooms), /process\.exit\(/), []);
  });

  test('execa is used in one place', () => {
    assert.deepEqual(places(outside('src/adapters/exec'), /from 'execa'|import\('execa'\)/), []);
  });

  test('lib/domain and lib/runtime know nothing of the rest of lib', () => {
    const lower = sources.filter((file) => /^lib\/(domain|runtime)\//.test(file));
    assert.deepEqual(places(lower, /from '(?:\.\.\/)+(?:database|query|streaming|archive)\//), []);
  });

  test('pages have no script and no style in them, and only what swaps pieces of a live page writes markup', () => {
    const pages = sources.filter((file) => /^apps\/web\/(?!assets\/)/.test(file));
    const scripts = sources.filter((file) => file.startsWith('apps/web/assets/'));
    assert.ok(pages.length > 40 && scripts.length > 5, 'they are looked at');
    assert.deepEqual(places(pages, /<style|<script(?! type="module" src=")|\s(?:style|on[a-z]+)="/), []);
    const writers = new Set(['apps/web/assets/live.ts', 'apps/web/assets/console.ts']);
    const others = scripts.filter((file) => !writers.has(file));
    assert.deepEqual(places(others, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/), []);
  });

  test('the pages know neither the database nor the hub: what they show comes from the order API', () => {
    const pages = sources.filter((file) => file.startsWith('apps/web/'));
    const imports = /from '(?:(?:\.\.\/)+lib\/(?:database|streaming|archive|query|process|risk)\/|mysql2|@azure\/)/;
    assert.deepEqual(places(pages, imports), []);
  });

  test('no source file has outgrown its purpose', () => {
    assert.deepEqual(
      sources.filter((file) => read(file).split('\n').length > 350),
      [],
    );
  });

  test('commands stay thin', () => {
    const commands = sources.filter((file) => file.startsWith('src/commands/'));
    assert.deepEqual(
      commands.filter((file) => read(file).split('\n').length > 110),
      [],
    );
  });
});

/** Whether a relative import of an app's file ends in another app's folder. */
function leavesApp(file: string, path: string, own: string | undefined): boolean {
  const target = join(file, '..', path);
  return target.startsWith('apps/') && target.split('/')[1] !== own;
}

suite('the repository', () => {
  test('migrations are numbered without a gap and stay in the SQL that every server understands', () => {
    const migrations = tracked.filter((file) => file.startsWith('lib/database/migrations/')).sort();
    assert.deepEqual(
      migrations.map((file) => Number.parseInt(file.split('/').at(-1)!, 10)),
      migrations.map((_, index) => index + 1),
    );
    const forbidden = /\b(?:FOREIGN KEY|REFERENCES|TRIGGER|PROCEDURE|CREATE EVENT|ENUM|JSON_TABLE|TIMESTAMP)\b/i;
    assert.deepEqual(places(migrations, forbidden), []);
  });

  test('nothing is skipped, singled out or left for later', () => {
    const tests = tracked.filter((file) => file.startsWith('test/') && file !== 'test/repo/house.test.ts');
    assert.deepEqual(places(tests, /\b(?:test|suite|describe|it)\.(?:only|skip|todo)\b|skip: true|only: true/), []);
    assert.deepEqual(places(sources, /\b(?:TODO|FIXME|XXX|HACK)\b/), []);
  });

  test('every link of the documentation leads somewhere', () => {
    const pages = tracked.filter((file) => file.endsWith('.md'));
    const dead = pages.flatMap((page) => {
      const links = [...read(page).matchAll(/\]\(([^)#]+)/g)].map((match) => match[1]!);
      const local = links.filter((link) => !/^[a-z]+:/.test(link));
      return local.filter((link) => !existsSync(join(root, page, '..', link))).map((link) => `${page} -> ${link}`);
    });
    assert.deepEqual(dead, []);
  });

  test('exact versions are locked', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
    const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies }) as string[];
    assert.deepEqual(
      versions.filter((version) => !/^(?:npm:@[a-z/-]+@)?\d+\.\d+\.\d+$/.test(version)),
      [],
    );
    assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
  });
});
