import { Flags } from '@oclif/core';
import { parseEnvironmentName, parsePath } from './azure-values.ts';
import { DIAGRAM_FORMATS, type DiagramFormat } from './diagram-formats.ts';
import { parseChoice } from './quantities.ts';

export const diagramFlags = {
  env: Flags.custom<string>({
    env: 'OMS_DIAGRAM_ENV',
    summary: 'the environment to draw (default: what a new one would be)',
    helpValue: 'NAME',
    parse: async (text) => parseEnvironmentName(text),
  })(),
  format: Flags.custom<DiagramFormat>({
    env: 'OMS_DIAGRAM_FORMAT',
    summary: "how it is written (default by the file's ending, mermaid otherwise)",
    helpValue: DIAGRAM_FORMATS.join('|'),
    parse: async (text) => parseChoice(text, DIAGRAM_FORMATS, '--format svg'),
  })(),
  output: Flags.string({
    char: 'o',
    env: 'OMS_DIAGRAM_OUTPUT',
    summary: 'write it to a file',
    helpValue: 'FILE',
    parse: async (text) => parsePath(text, '--output architecture.svg'),
  }),
};
