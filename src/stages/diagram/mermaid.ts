import type { Diagram, DiagramEdge, DiagramGroup, DiagramNode, NodeKind } from './model.ts';
import { PALETTE } from './palette.ts';

const INDENT = '  ';

/** Mermaid's own way of writing what its grammar or HTML would take for something else. */
const escaped = (text: string): string =>
  text.replace(/[&<>"#`\\]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');

/** Ids with a hyphen are legal, but "end" and the like in them are not worth the risk. */
const idOf = (id: string): string => `n_${id.replace(/[^A-Za-z0-9]/g, '_')}`;

const SHAPES: Partial<Record<NodeKind, readonly [string, string]>> = {
  person: ['([', '])'],
  outside: ['([', '])'],
  database: ['[(', ')]'],
  storage: ['[(', ')]'],
  hub: ['[[', ']]'],
};

function nodeLine({ id, kind, title, details }: DiagramNode): string {
  const [open, close] = SHAPES[kind] ?? ['[', ']'];
  const label = [`<b>${escaped(title)}</b>`, ...details.map((line) => `<small>${escaped(line)}</small>`)].join('<br/>');
  return `${idOf(id)}${open}"${label}"${close}:::${kind}`;
}

function edgeLine({ from, to, label, line }: DiagramEdge): string {
  const arrow = line === 'background' ? '-.->' : '-->';
  return `${idOf(from)} ${arrow}${label ? `|"${escaped(label)}"|` : ''} ${idOf(to)}`;
}

function groupLines(diagram: Diagram, { id, title, details }: DiagramGroup): string[] {
  const inner = [
    ...diagram.groups.filter(({ parent }) => parent === id).flatMap((child) => groupLines(diagram, child)),
    ...diagram.nodes.filter(({ group }) => group === id).map(nodeLine),
  ];
  return [
    `subgraph ${idOf(id)}["${escaped([title, ...details].join(' · '))}"]`,
    ...inner.map((line) => INDENT + line),
    'end',
  ];
}

/** Colours are of the nodes alone: lines and titles follow the page, light or dark. */
const classLines = (diagram: Diagram): string[] =>
  [...new Set(diagram.nodes.map(({ kind }) => kind))].map((kind) => {
    const { fill, stroke, text } = PALETTE[kind].light;
    return `classDef ${kind} fill:${fill},stroke:${stroke},color:${text}`;
  });

/** The diagram as Mermaid's flowchart. */
export function toMermaid(diagram: Diagram): string {
  const lines = [
    ...diagram.nodes.filter(({ group }) => !group).map(nodeLine),
    ...diagram.groups.filter(({ parent }) => !parent).flatMap((group) => groupLines(diagram, group)),
    ...diagram.edges.map(edgeLine),
    ...classLines(diagram),
  ];
  // JSON is YAML, which is what stands between the lines.
  return [
    '---',
    `title: ${JSON.stringify(diagram.title)}`,
    '---',
    'flowchart LR',
    ...lines.map((line) => INDENT + line),
    '',
  ].join('\n');
}
