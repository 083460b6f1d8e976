/** How a thing is drawn, and what it is. */
export type NodeKind = 'person' | 'outside' | 'proxy' | 'app' | 'tool' | 'database' | 'hub' | 'storage' | 'service';

/** Where things stand; groups lie in groups. */
export interface DiagramGroup {
  id: string;
  title: string;
  details: readonly string[];
  /** The group it lies in; absent at the outside. */
  parent?: string;
}

export interface DiagramNode {
  id: string;
  kind: NodeKind;
  title: string;
  /** Lines in small print below the title. */
  details: readonly string[];
  group?: string;
}

export interface DiagramEdge {
  /** Of a node or of a group. */
  from: string;
  to: string;
  label?: string;
  /** "background": not on the way of an order. */
  line?: 'main' | 'background';
}

/** An architecture as data; Mermaid and DOT are two ways of writing it. */
export interface Diagram {
  title: string;
  groups: readonly DiagramGroup[];
  nodes: readonly DiagramNode[];
  edges: readonly DiagramEdge[];
}

/** The node that stands for a group, where a line can only end at a node; undefined for a group with none. */
export function firstNodeOf(diagram: Diagram, id: string): string | undefined {
  if (diagram.nodes.some((node) => node.id === id)) return id;
  const own = diagram.nodes.find(({ group }) => group === id);
  if (own) return own.id;
  for (const child of diagram.groups.filter(({ parent }) => parent === id)) {
    const found = firstNodeOf(diagram, child.id);
    if (found) return found;
  }
  return undefined;
}
