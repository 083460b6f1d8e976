import { BaseCommand } from '../base-command.ts';
import { deployFlags } from '../config/deploy-flags.ts';
import { deployOptions } from '../config/deploy-options.ts';
import { EXIT } from '../errors.ts';
import { deploy } from '../stages/deploy/deploy.ts';
import { deployReport, wouldBegin } from '../stages/deploy/deploy-view.ts';
import { saveImages } from '../stages/deploy/save-images.ts';
import { unlockSite } from '../stages/deploy/unlock-site.ts';

export default class Deploy extends BaseCommand {
  static override summary =
    'Put the application on servers, or bring out a new release of it, without a failed request.';
  static override description =
    'Looks at the servers over SSH, shows what would change, and after a yes brings the release up beside the one that runs: database, order API, a growing share of the customers, consumers, pages and web servers one by one. Whatever does not become healthy goes back by itself. See docs/deploy.md.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --env demo --hosts deploy@203.0.113.5 --domain shop.example.com --acme-email ops@example.com',
    '<%= config.bin %> <%= command.id %> --env demo --check',
    '<%= config.bin %> <%= command.id %> --env demo --shift 1,10,50,100 --shift-seconds 60 --why "prices of December"',
    '<%= config.bin %> <%= command.id %> --env trial --target local',
  ];
  static override flags = deployFlags;
  protected override readonly patient = true;

  async run() {
    const { flags, context } = await this.start(Deploy);
    const options = deployOptions(flags);
    if (options.unlock) return unlockSite(options, context);
    if (options.saveImages !== undefined) return saveImages(options, options.saveImages, context);
    const result = await deploy(options, context);
    context.terminal.print(deployReport(result, `oms deploy --env ${options.env}`, context.terminal));
    if (!wouldBegin(result)) process.exitCode = EXIT.failed;
    return result;
  }
}
