import { BaseCommand } from '../base-command.ts';
import { diagramFlags } from '../config/diagram-flags.ts';
import { diagram } from '../stages/diagram/diagram.ts';

export default class DiagramCommand extends BaseCommand {
  static override summary = 'Draw the architecture from its configuration.';
  static override description =
    `Without --env it draws what "oms provision" makes by default; with --env the environment
as it was configured and, where it has been provisioned, as Azure has it.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --output docs/architecture.svg',
    '<%= config.bin %> <%= command.id %> --env demo --format mermaid',
  ];
  static override flags = diagramFlags;

  async run() {
    const { flags, context } = await this.start(DiagramCommand);
    const result = await diagram(context, { environment: flags.env, format: flags.format, output: flags.output });
    context.terminal.print(result.text?.trimEnd() ?? `Wrote ${result.file}`);
    return result;
  }
}
