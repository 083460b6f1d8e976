import { type Static, Type } from 'typebox';
import { DIAGRAM_FORMATS, type DiagramFormat, formatOfFile } from '../../config/diagram-formats.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { knownEnvironment } from '../provision/known-environment.ts';
import { Outputs } from '../provision/outputs.ts';
import { architecture } from './architecture.ts';
import { type CloudFacts, cloudFacts } from './cloud-facts.ts';
import { toDot } from './dot.ts';
import { toMermaid } from './mermaid.ts';
import type { Diagram } from './model.ts';
import { toSvg } from './svg.ts';

export interface DiagramOptions {
  /** Absent draws the defaults. */
  environment: string | undefined;
  /** Absent follows the file's ending, Mermaid without a file. */
  format: DiagramFormat | undefined;
  /** Absent prints it. */
  output: string | undefined;
}

/** The result of `oms diagram --json`. */
export const DiagramResult = Type.Object({
  environment: Type.Union([Type.String(), Type.Null()]),
  provisioned: Type.Boolean({ description: 'whether the environment has been made, as far as its outputs say' }),
  format: Type.Enum([...DIAGRAM_FORMATS]),
  file: Type.Union([Type.String(), Type.Null()], {
    description: 'that was written; null where the text is the result',
  }),
  text: Type.Union([Type.String(), Type.Null()]),
});
export type DiagramResult = Static<typeof DiagramResult>;

/** Pictures are there to be published. */
const PUBLIC_FILE = 0o644;

const WRITERS: Record<DiagramFormat, (diagram: Diagram) => string | Promise<string>> = {
  mermaid: toMermaid,
  svg: toSvg,
  dot: toDot,
};

function formatOf({ format, output }: DiagramOptions): DiagramFormat {
  const found = format ?? (output === undefined ? 'mermaid' : formatOfFile(output));
  if (found) return found;
  throw new OmsError('usage', `${output} does not say which format it is to have`, {
    next: [`oms diagram --output ${output} --format svg`, 'oms diagram --output architecture.svg'],
  });
}

async function factsOf(name: string | undefined, context: Context): Promise<CloudFacts> {
  if (name === undefined) return cloudFacts(undefined, undefined);
  const { environment, paths } = await knownEnvironment(name, context);
  return cloudFacts(environment, await context.machine.readJson(paths.outputs, Outputs));
}

function save(file: string, text: string, { machine }: Context): void {
  try {
    machine.writeText(file, text, PUBLIC_FILE);
  } catch (error) {
    throw new OmsError('disk', `${file} could not be written`, {
      why: messageOf(error),
      next: ['oms diagram --output architecture.svg'],
      cause: error,
    });
  }
}

/**
 * Draws the architecture of an environment, or that of the defaults.
 * @throws {OmsError} usage for a file of unknown format, not_provisioned for an environment that is not there,
 * input_file for one that is damaged, disk where the file cannot be written.
 */
export async function diagram(context: Context, options: DiagramOptions): Promise<DiagramResult> {
  const { environment, output } = options;
  const format = formatOf(options);
  const facts = await factsOf(environment, context);
  const text = await WRITERS[format](architecture(facts));
  if (output !== undefined) save(output, text, context);
  return {
    environment: environment ?? null,
    provisioned: facts.provisioned,
    format,
    file: output ?? null,
    text: output === undefined ? text : null,
  };
}
