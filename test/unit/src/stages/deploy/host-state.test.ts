import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { readHostRecord, removeDeploying, writeDeploying } from '../../../../../src/stages/deploy/host-state.ts';
import { sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { targetOf } from '../../../../../src/stages/deploy/targets.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, localHost, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const STATE = {
  version: 1,
  release: 'r-0123456789ab',
  previous: null,
  colours: { producer: 'a', consumer: 'b' },
  deployedAt: '2026-11-21T12:00:00Z',
  deployedBy: 'anna@laptop',
} as const;

const release = (id: string, madeAt: string) => ({
  ...{ version: 1, id, oms: '0.1.0', madeAt, images: {}, services: {}, files: {} },
  schema: { knows: 12, needs: 3 },
});

function setUp(t: TestContext) {
  withPrograms(t);
  const home = join(tempFolder(t), 'home');
  mkdirSync(home);
  const paths = sitePaths(join(home, '..', 'oms'), 'demo');
  return { home, target: targetOf(localHost(), aSite(), paths), context: quietContext(home) };
}

suite('what a server knows of itself', () => {
  test('a bare server has no state and no releases', async (t) => {
    const { home, target, context } = setUp(t);
    const nothing = { state: undefined, deploying: undefined, releases: [] };
    assert.deepEqual(await readHostRecord(target, home, context), nothing);
    assert.deepEqual(await readHostRecord(target, join(home, 'nowhere'), context), nothing);
  });

  test('state and the mark of a deployment come back as they were written, releases with the newest first', async (t) => {
    const { home, target, context } = setUp(t);
    const deploying = { release: 'r-0123456789ac', from: STATE.release, colours: STATE.colours, phase: 'prepare' };
    writeFileSync(join(home, 'state.json'), JSON.stringify(STATE));
    await writeDeploying(target, home, deploying, context);
    for (const [id, madeAt] of [
      ['r-0123456789ab', '2026-11-20T12:00:00Z'],
      ['r-0123456789ac', '2026-11-21T12:00:00Z'],
    ] as const) {
      mkdirSync(join(home, 'releases', id), { recursive: true });
      writeFileSync(join(home, 'releases', id, 'release.json'), JSON.stringify(release(id, madeAt)));
    }
    mkdirSync(join(home, 'releases', 'half'));
    writeFileSync(join(home, 'releases', 'half', 'release.json'), '{"version":1,');
    const record = await readHostRecord(target, home, context);
    assert.deepEqual(record.state, STATE);
    assert.deepEqual(record.deploying, deploying);
    assert.deepEqual(
      record.releases.map(({ id }) => id),
      ['r-0123456789ac', 'r-0123456789ab'],
    );
    await removeDeploying(target, home, context);
    assert.equal(existsSync(join(home, 'deploying.json')), false);
  });

  test('a state that is not understood is not taken for none', async (t) => {
    const { home, target, context } = setUp(t);
    writeFileSync(join(home, 'state.json'), JSON.stringify({ ...STATE, version: 2 }));
    await assert.rejects(readHostRecord(target, home, context), /state\.json is not one of this version of oms/);
  });
});
