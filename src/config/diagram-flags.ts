import { Flags } from '@oclif/core';
import { parseEnvironmentName } from './azure-values.ts';
import { DIAGRAM_FORMATS, type DiagramFormat } from './diagram-formats.ts';

export const diagramFlags = {
  env: Flags.custom<string>({
    env: 'OMS_DIAGRAM_ENV',
    summary: 'the environment to draw (default: what a new one would be)',
    helpValue: 'NAME',
    parse: async (text) => parseEnvironmentName(text),
  })(),
  format: Flags.custom<DiagramFormat>({
    env: 'OMS_DIAGRAM_FORMAT',
    options: [...DIAGRAM_FORMATS],
    summary: "how it is written (default by the file's ending, mermaid otherwise)",
  })(),
  output: Flags.string({ char: 'o', env: 'OMS_DIAGRAM_OUTPUT', summary: 'write it to a file', helpValue: 'FILE' }),
};
