import { SMALL_SIZE, TITLE_SIZE, toDot } from './dot.ts';
import type { Diagram } from './model.ts';
import { GROUND, PALETTE } from './palette.ts';

const SHAPES = (selector: string) => ['polygon', 'path', 'ellipse'].map((shape) => `${selector} ${shape}`).join(', ');

/** Colours for a page that is dark; a viewer that does not ask for them shows those of light ground. */
function darkStyle(): string {
  const { page, group, inner, border, line, text } = GROUND.dark;
  const nodes = Object.entries(PALETTE).flatMap(([kind, { dark }]) => [
    `${SHAPES(`.node.${kind}`)} { fill: ${dark.fill}; stroke: ${dark.stroke} }`,
    `.node.${kind} text { fill: ${dark.text} }`,
  ]);
  return [
    `.graph > polygon { fill: ${page} }`,
    `.edge path { stroke: ${line} }`,
    `.edge polygon { fill: ${line}; stroke: ${line} }`,
    rim(group),
    `${SHAPES('.cluster.group')} { fill: ${group}; stroke: ${border} }`,
    `${SHAPES('.cluster.inner')} { fill: ${inner}; stroke: ${border} }`,
    `.graph > text, .cluster text, .edge text { fill: ${text} }`,
    ...nodes,
  ]
    .map((rule) => `    ${rule}`)
    .join('\n');
}

/** The first line of a node or a group is its title. */
function withSizes(shape: string): string {
  let line = 0;
  return shape.replace(/<text ([^>]*?)font-size="[^"]*"/g, (_, rest: string) =>
    line++ === 0
      ? `<text ${rest}font-size="${TITLE_SIZE}" font-weight="bold"`
      : `<text ${rest}font-size="${SMALL_SIZE}"`,
  );
}

/** Labels stay readable where a line runs through them: each stands on a rim of the ground's colour. */
const rim = (ground: string) =>
  `.edge text { paint-order: stroke; stroke: ${ground}; stroke-width: 4px; stroke-linejoin: round }`;

const STYLE = `<style>\n  ${rim(GROUND.light.group)}\n  @media (prefers-color-scheme: dark) {\n${darkStyle()}\n  }\n</style>\n`;

/** What a reader of screens says of the whole picture. */
const titleOf = ({ title }: Diagram): string =>
  `<title>Architecture of ${title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)}</title>\n`;

const finished = (svg: string, diagram: Diagram): string =>
  svg
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/<g id="(?:node|clust)\d+"[\s\S]*?<\/g>/g, withSizes)
    .replace(/<svg [^>]*>\n?/, (tag) => tag + titleOf(diagram) + STYLE);

/** The diagram as a picture; laid out by Graphviz itself, compiled to WebAssembly. The same diagram gives the same text. */
export async function toSvg(diagram: Diagram): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return finished(viz.renderString(toDot(diagram), { format: 'svg' }), diagram);
}
