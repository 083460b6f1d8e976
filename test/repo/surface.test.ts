import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { commandManifest } from '../../scripts/command-manifest.ts';
import { runCli } from '../helpers/run-cli.ts';

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

  test('every topic, and nothing else, is listed with a text of its own', async () => {
    const { stdout } = await runCli(['--help']);
    const [, listed] = /^TOPICS\n(.*?)\n\n/ms.exec(stdout)!;
    const ids = Object.keys(manifest.commands);
    const topics = [...new Set(ids.filter((id) => id.includes(':')).map((id) => id.split(':')[0]))];
    assert.deepEqual(
      [...listed!.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name),
      topics,
    );
    const summaries = ids.map((id) => (manifest.commands[id] as { summary: string }).summary);
    const said = listed!.replace(/\n {5,}/g, ' ').split('\n');
    assert.deepEqual(
      said.filter((line) => summaries.includes(line.replace(/^ {2}\S+ +/, ''))),
      [],
    );
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
