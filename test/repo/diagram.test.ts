import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { architecture } from '../../src/stages/diagram/architecture.ts';
import { cloudFacts } from '../../src/stages/diagram/cloud-facts.ts';
import { toMermaid } from '../../src/stages/diagram/mermaid.ts';
import { toSvg } from '../../src/stages/diagram/svg.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const committed = (name: string) => readFileSync(join(docs, name), 'utf8');
const diagram = architecture(cloudFacts(undefined, undefined));

suite('the picture of the architecture', () => {
  test('docs/architecture.mmd is what the code draws; "oms diagram --output docs/architecture.mmd" writes it', () => {
    assert.equal(committed('architecture.mmd'), toMermaid(diagram));
  });

  test('docs/architecture.svg is what the code draws; "oms diagram --output docs/architecture.svg" writes it', async () => {
    assert.equal(committed('architecture.svg'), await toSvg(diagram));
  });
});
