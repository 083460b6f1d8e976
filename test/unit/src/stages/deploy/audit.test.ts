import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { appendAudit, readHostAudit, readLocalAudit } from '../../../../../src/stages/deploy/audit.ts';
import type { AuditEntry } from '../../../../../src/stages/deploy/release.ts';
import { sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { targetOf } from '../../../../../src/stages/deploy/targets.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, localHost, refusingHost, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const entry = (release: string): AuditEntry => ({
  ...{ at: '2026-11-21T12:00:00Z', by: 'anna@laptop', action: 'deploy', why: "it's $HOME `now`\n", release },
  ...{ from: null, outcome: 'done', seconds: 41.5, detail: null },
});

function setUp(t: TestContext) {
  withPrograms(t);
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  mkdirSync(home);
  const site = aSite({ home });
  const paths = sitePaths(join(folder, 'oms'), 'demo');
  const context = quietContext(join(folder, 'oms'));
  t.after(() => context.remote.close());
  return { home, site, paths, context, target: targetOf(localHost(), site, paths) };
}

suite('the audit trail', () => {
  test('has the same lines here and on the server, in their order', async (t) => {
    const { home, site, paths, context, target } = setUp(t);
    await appendAudit(site, entry('r-1'), context);
    await appendAudit(site, entry('r-2'), context);
    assert.equal(readFileSync(paths.audit, 'utf8'), readFileSync(join(home, 'audit.jsonl'), 'utf8'));
    assert.equal(statSync(paths.audit).mode & 0o077, 0);
    assert.deepEqual(await readLocalAudit(site, context), [entry('r-1'), entry('r-2')]);
    assert.deepEqual(await readHostAudit(target, home, context), [entry('r-1'), entry('r-2')]);
  });

  test('a line that was cut off swallows nothing', async (t) => {
    const { home, site, context, target } = setUp(t);
    appendFileSync(join(home, 'audit.jsonl'), '{"at":"2026-');
    await appendAudit(site, entry('r-1'), context);
    assert.deepEqual(await readHostAudit(target, home, context), [entry('r-1')]);
  });

  test('what cannot be written is told and stops nothing', async (t) => {
    const { site, paths, context } = setUp(t);
    const notes: string[] = [];
    const terminal = { ...context.terminal, width: 80, note: (text: string) => notes.push(text) };
    mkdirSync(join(paths.folder, '..'));
    writeFileSync(paths.folder, '');
    const two = { ...site, hosts: [refusingHost({ name: 'shop-2' })] };
    await appendAudit(two, entry('r-1'), { ...context, terminal });
    assert.equal(notes.length, 2);
    assert.match(notes.join('\n'), /trail of this machine lacks this run/);
    assert.match(notes.join('\n'), /trail of shop-2 lacks this run/);
  });

  test('nothing was done yet', async (t) => {
    const { site, context, target, home } = setUp(t);
    assert.deepEqual(await readLocalAudit(site, context), []);
    assert.deepEqual(await readHostAudit(target, home, context), []);
  });
});
