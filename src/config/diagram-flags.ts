import { Flags } from '@oclif/core';
import { DIAGRAM_FORMATS, type DiagramFormat } from './diagram-formats.ts';

/** A folder below .oms, so that nothing outside of it can be meant. */
const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,19}$/;

const parseName = async (text: string): Promise<string> => {
  if (ENVIRONMENT_NAME.test(text)) return text;
  throw new Error(
    'expected 1 to 20 lower-case letters, digits and hyphens, beginning with a letter; for example --env demo',
  );
};

export const diagramFlags = {
  env: Flags.custom<string>({
    env: 'OMS_DIAGRAM_ENV',
    summary: 'the environment to draw (default: what a new one would be)',
    helpValue: 'NAME',
    parse: parseName,
  })(),
  format: Flags.custom<DiagramFormat>({
    env: 'OMS_DIAGRAM_FORMAT',
    options: [...DIAGRAM_FORMATS],
    summary: "how it is written (default by the file's ending, mermaid otherwise)",
  })(),
  output: Flags.string({ char: 'o', env: 'OMS_DIAGRAM_OUTPUT', summary: 'write it to a file', helpValue: 'FILE' }),
};
