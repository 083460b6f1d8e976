import { extname } from 'node:path';

export const DIAGRAM_FORMATS = ['mermaid', 'svg', 'dot'] as const;
export type DiagramFormat = (typeof DIAGRAM_FORMATS)[number];

const FORMAT_OF_ENDING: Readonly<Record<string, DiagramFormat>> = {
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.svg': 'svg',
  '.dot': 'dot',
  '.gv': 'dot',
};

/** What a file's ending asks for; undefined for one that says nothing. */
export const formatOfFile = (file: string): DiagramFormat | undefined => FORMAT_OF_ENDING[extname(file)];
