import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { commandManifest } from '../../scripts/command-manifest.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest = await commandManifest();

interface Flag {
  env?: string;
  name: string;
  summary?: string;
  description?: string;
}

const flagsOf = (id: string): Flag[] => Object.values((manifest.commands[id] as { flags: Record<string, Flag> }).flags);

suite('the command surface', () => {
  test('oclif.manifest.json is what the commands give; "npm run manifest" writes it', () => {
    const committed = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));
    assert.deepEqual(committed, JSON.parse(JSON.stringify(manifest)));
  });

  for (const [id, command] of Object.entries(manifest.commands)) {
    test(`${id}: a summary, an example with long flags, a variable and a text for every flag`, () => {
      const { summary, examples } = command as { summary?: string; examples?: string[] };
      assert.ok(summary, 'summary');
      assert.ok(examples?.length, 'examples');
      const flags = flagsOf(id).filter((flag) => flag.name !== 'json');
      assert.deepEqual(
        flags.filter((flag) => !flag.env?.startsWith('OMS_') && flag.name !== 'yes').map((flag) => flag.name),
        [],
      );
      assert.deepEqual(
        flags.filter((flag) => !flag.summary && !flag.description).map((flag) => flag.name),
        [],
      );
    });
  }
});
