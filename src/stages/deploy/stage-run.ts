import type { Context } from '../../context.ts';
import { inventory } from '../../render/inventory.ts';
import type { Maintenance } from '../../render/traefik.ts';
import { deployVariables } from './deploy-variables.ts';
import type { RolloutCall } from './roll-out.ts';
import type { StagedSecrets } from './secrets.ts';
import { sitePaths } from './site.ts';
import { stageFiles } from './stage-files.ts';

/** Writes everything that Ansible reads on this machine: what goes to each server, variables, inventory. */
export async function stageRun(
  call: RolloutCall & { maintenance: Maintenance | null },
  secrets: StagedSecrets,
  context: Context,
): Promise<void> {
  const { site, made, plan, options, action } = call;
  const { machine, settings } = context;
  const paths = sitePaths(settings.dir, site.name);
  const { producer } = plan.colours;
  const weights = { a: producer === 'a' ? 1 : 0, b: producer === 'b' ? 1 : 0 };
  await stageFiles(site, made, { weights, maintenance: call.maintenance }, context);
  const back = action === 'rollback';
  machine.writeJson(paths.variables, deployVariables({ site, made, plan, secrets, paths, rollout: options, back }));
  machine.writeJson(paths.inventory, inventory(site, paths));
}
