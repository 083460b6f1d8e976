import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { messageOf } from '../../../src/errors.ts';
import { ansibleLint } from '../../helpers/ansible-lint.ts';
import { realAnsible } from '../../helpers/real-ansible.ts';
import { PLAYBOOK_FOLDER } from '../../helpers/site-on-this-machine.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

/** Outside of git, or with nothing committed, ansible-lint reads one file and is content. */
function repositoryOf(t: TestContext): string {
  const folder = join(tempFolder(t), 'ansible');
  cpSync(PLAYBOOK_FOLDER, folder, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet');
  git('add', '--all');
  return folder;
}

async function lint(t: TestContext, folder: string): Promise<string | undefined> {
  if (!(await realAnsible(t))) return undefined;
  try {
    return await ansibleLint(folder, tempFolder(t));
  } catch (error) {
    t.diagnostic(`not run: ${messageOf(error)}`);
    return undefined;
  }
}

const filesRead = (said: string) => Number(/on (\d+) files/.exec(said)?.[1]);

suite('ansible-lint, production profile', () => {
  test('it finds nothing in any of the files, and has read all of them', async (t) => {
    const folder = repositoryOf(t);
    const said = await lint(t, folder);
    if (said === undefined) return;
    const files = execFileSync('git', ['ls-files', '*.yml'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
    assert.match(said, /Passed: 0 failure\(s\), 0 warning\(s\)/, said);
    // Files that are no YAML count as well.
    assert.ok(filesRead(said) >= files.length, `${filesRead(said)} of ${files.length} files were read`);
  });

  test('it finds a task that always says it has changed something', async (t) => {
    const folder = repositoryOf(t);
    appendFileSync(
      join(folder, 'roles/app/tasks/forget-routes.yml'),
      '\n- name: Planted\n  ansible.builtin.command:\n    argv: [uptime]\n',
    );
    const said = await lint(t, folder);
    if (said === undefined) return;
    assert.match(said, /1 no-changed-when/);
  });
});
