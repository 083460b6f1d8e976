import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { architecture } from '../../../../../src/stages/diagram/architecture.ts';
import { cloudFacts } from '../../../../../src/stages/diagram/cloud-facts.ts';
import { toDot } from '../../../../../src/stages/diagram/dot.ts';
import { toMermaid } from '../../../../../src/stages/diagram/mermaid.ts';
import type { Diagram } from '../../../../../src/stages/diagram/model.ts';
import { type Colours, GROUND, PALETTE } from '../../../../../src/stages/diagram/palette.ts';
import { toSvg } from '../../../../../src/stages/diagram/svg.ts';
import { savedEnvironment } from '../../../../helpers/environment.ts';
import { someOutputs } from '../../../../helpers/outputs.ts';

const HOSTILE = '`a"]; end\n--> b<script>&#quot;\\';
const hostile: Diagram = {
  title: HOSTILE,
  groups: [
    { id: 'end', title: HOSTILE, details: [HOSTILE] },
    { id: 'in ner', title: 'inner', details: [], parent: 'end' },
  ],
  nodes: [
    { id: HOSTILE, kind: 'hub', title: HOSTILE, details: [HOSTILE], group: 'in ner' },
    { id: 'graph', kind: 'app', title: '', details: [] },
  ],
  edges: [
    { from: 'graph', to: 'end', label: HOSTILE },
    { from: HOSTILE, to: 'graph', line: 'background' },
  ],
};
const drawn: [string, Diagram][] = [
  ['the defaults', architecture(cloudFacts(undefined, undefined))],
  ['an environment', architecture(cloudFacts(savedEnvironment({ secondaryRegion: 'northeurope' }), someOutputs()))],
  ['hostile names', hostile],
];

/** What Mermaid's flowchart grammar allows of what is written here: quoted text without quotes, plain ids. */
const TEXT = '"[^"\\n]*"';
const ID = 'n_[A-Za-z0-9_]+';
const MERMAID_LINES = [
  /^flowchart LR$/,
  new RegExp(`^${ID}(?:\\[${TEXT}\\]|\\(\\[${TEXT}\\]\\)|\\[\\(${TEXT}\\)\\]|\\[\\[${TEXT}\\]\\]):::[a-z]+$`),
  new RegExp(`^subgraph ${ID}\\[${TEXT}\\]$`),
  /^end$/,
  new RegExp(`^${ID} (?:-->|-\\.->)(?:\\|${TEXT}\\|)? ${ID}$`),
  /^classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}$/,
];

suite('a diagram as Mermaid', () => {
  for (const [name, diagram] of drawn) {
    test(`${name}: every line is of the flowchart's grammar, and groups are closed`, () => {
      const [begin, title, end, ...lines] = toMermaid(diagram).trimEnd().split('\n');
      assert.deepEqual([begin, end], ['---', '---']);
      assert.match(title!, /^title: "(?:[^"\\]|\\.)*"$/);
      const plain = lines.map((line) => line.trim());
      assert.deepEqual(
        plain.filter((line) => !MERMAID_LINES.some((allowed) => allowed.test(line))),
        [],
      );
      assert.equal(
        plain.filter((line) => line === 'end').length,
        plain.filter((line) => line.startsWith('subgraph')).length,
      );
    });
  }

  test('what is marked up is text, with its own characters as entities', () => {
    const text = toMermaid(hostile).split('---\n').at(-1)!;
    assert.doesNotMatch(text, /<script/);
    assert.match(text, /#60;script#62;#38;#35;quot;/);
  });
});

/** Whether every tag is closed in order: as much of XML as a picture of Graphviz has. */
function isBalanced(xml: string): boolean {
  const open: string[] = [];
  for (const [, close, name, self] of xml.matchAll(/<(\/?)([a-zA-Z][\w:]*)[^<>]*?(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!self) open.push(name!);
  }
  return open.length === 0;
}

suite('a diagram as a picture', () => {
  for (const [name, diagram] of drawn) {
    test(`${name}: well formed, with every node, and the same every time`, async () => {
      const svg = await toSvg(diagram);
      assert.ok(isBalanced(svg.replace(/^[\s\S]*?(?=<svg)/, '')));
      assert.equal(svg.match(/<g id="node/g)?.length, diagram.nodes.length);
      assert.doesNotMatch(svg, /<script|&(?!#?\w+;)/);
      assert.equal(svg, await toSvg(diagram));
    });
  }

  test('titles are bold, details small; dark pages have colours of their own', async () => {
    const svg = await toSvg(drawn[1]![1]);
    assert.match(
      svg,
      /font-size="12" font-weight="bold"[^>]*>orders<\/text>\n<text [^>]*font-size="9.5"[^>]*>16 partitions/,
    );
    assert.match(svg, /@media \(prefers-color-scheme: dark\) \{\n {4}\.graph > polygon/);
  });

  test('a line to a group ends at its border', () => {
    assert.match(toDot(drawn[0]![1]), /"vault" -> "traefik" \[lhead="cluster_premises"/);
  });
});

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** As WCAG 2 counts it: 7 is its strictest level for text. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

test('every text is legible on its ground, light and dark: contrast of 7 and more', () => {
  const pairs = Object.values(PALETTE).flatMap(({ light, dark }) =>
    [light, dark].map(({ fill, text }: Colours) => [text, fill] as const),
  );
  const grounds = Object.values(GROUND).flatMap(({ page, group, inner, text }) =>
    [page, group, inner].map((ground) => [text, ground] as const),
  );
  assert.deepEqual(
    [...pairs, ...grounds].filter(([text, ground]) => contrast(text, ground) < 7),
    [],
  );
});
