import {
  type Diagram,
  type DiagramEdge,
  type DiagramGroup,
  type DiagramNode,
  firstNodeOf,
  type NodeKind,
} from './model.ts';
import { GROUND, PALETTE } from './palette.ts';

const INDENT = '  ';
const { light } = GROUND;

/** Graphviz takes these for the widths of texts; the picture itself asks for whatever sans-serif there is. */
const FONT = 'Helvetica,Arial,sans-serif';
export const TITLE_SIZE = 12;
export const SMALL_SIZE = 9.5;
/** A bold title in the widest of the fonts has to fit, too; the true sizes are set where the picture is drawn (svg.ts). */
const LAYOUT_SIZE = 12.5;

const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&').replace(/\s+/g, ' ');
const quoted = (text: string): string => `"${escaped(text)}"`;
const centred = (lines: readonly string[]): string => `"${lines.map(escaped).join('\\n')}"`;
const leftward = (lines: readonly string[]): string => `"${lines.map((line) => `${escaped(line)}\\l`).join('')}"`;

const SHAPES: Record<NodeKind, string> = {
  person: 'shape=box style="filled,rounded"',
  outside: 'shape=box style="filled,rounded"',
  proxy: 'shape=box style="filled,rounded"',
  app: 'shape=box style="filled,rounded"',
  tool: 'shape=box style="filled,rounded"',
  database: 'shape=cylinder style=filled',
  storage: 'shape=cylinder style=filled',
  hub: 'shape=box style=filled',
  service: 'shape=box style="filled,rounded"',
};

function nodeLine({ id, kind, title, details }: DiagramNode): string {
  const { fill, stroke, text } = PALETTE[kind].light;
  const look = `class=${kind} ${SHAPES[kind]} fillcolor="${fill}" color="${stroke}" fontcolor="${text}"`;
  return `${quoted(id)} [label=${centred([title, ...details])} ${look}]`;
}

function edgeLine(diagram: Diagram, { from, to, label, line }: DiagramEdge): string[] {
  const [tail, head] = [firstNodeOf(diagram, from), firstNodeOf(diagram, to)];
  if (!tail || !head) return [];
  const options = [
    tail !== from && `ltail=${quoted(`cluster_${from}`)}`,
    head !== to && `lhead=${quoted(`cluster_${to}`)}`,
    label && `label=${quoted(label)}`,
    line === 'background' ? 'style=dashed class=background' : 'class=main',
  ].filter(Boolean);
  return [`${quoted(tail)} -> ${quoted(head)} [${options.join(' ')}]`];
}

function groupLines(diagram: Diagram, { id, title, details, parent }: DiagramGroup): string[] {
  const inner = [
    ...diagram.nodes.filter(({ group }) => group === id).map(nodeLine),
    ...diagram.groups.filter((child) => child.parent === id).flatMap((child) => groupLines(diagram, child)),
  ];
  const fill = parent ? light.inner : light.group;
  return [
    `subgraph ${quoted(`cluster_${id}`)} {`,
    `${INDENT}label=${leftward([title, ...details])} labeljust=l style="filled,rounded" class=${parent ? 'inner' : 'group'} ` +
      `fillcolor="${fill}" color="${light.border}" fontcolor="${light.text}" margin=14`,
    ...inner.map((line) => INDENT + line),
    '}',
  ];
}

/** The diagram in Graphviz's language; the colours are those of light ground, the classes are there to change them. */
export function toDot(diagram: Diagram): string {
  const lines = [
    `graph [rankdir=LR compound=true nodesep=0.3 ranksep=0.5 pad=0.2 bgcolor="${light.page}"]`,
    `graph [label=${leftward([diagram.title])} labelloc=t labeljust=l fontcolor="${light.text}"]`,
    `graph [fontname="${FONT}" fontsize=${LAYOUT_SIZE}]`,
    `node [fontname="${FONT}" fontsize=${LAYOUT_SIZE} margin="0.2,0.08" penwidth=1.2]`,
    `edge [fontname="${FONT}" fontsize=${SMALL_SIZE} color="${light.line}" fontcolor="${light.text}" arrowsize=0.7]`,
    ...diagram.nodes.filter(({ group }) => !group).map(nodeLine),
    ...diagram.groups.filter(({ parent }) => !parent).flatMap((group) => groupLines(diagram, group)),
    ...diagram.edges.flatMap((edge) => edgeLine(diagram, edge)),
  ];
  return [`digraph ${quoted(diagram.title)} {`, ...lines.map((line) => INDENT + line), '}', ''].join('\n');
}
