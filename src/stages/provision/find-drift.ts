import type { Context } from '../../context.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { createDiagnosticLog } from './apply/diagnostic-log.ts';
import { type Drift, detectDrift, driftReport } from './drift.ts';
import { withoutExpected } from './expected-drift.ts';
import { withInflatedUnits } from './inflated-units.ts';
import { knownEnvironment } from './known-environment.ts';
import { readAccount } from './preflight/account.ts';
import { prepareWorkspace } from './workspace.ts';

export interface DriftResult extends Drift {
  environment: string;
}

/**
 * What was changed in Azure behind the back of an environment; nothing is changed.
 * @throws {OmsError} not_provisioned, login_missing, or what Terraform refused.
 */
export async function findDrift(name: string, context: Context): Promise<DriftResult> {
  const { environment, paths } = await knownEnvironment(name, context);
  const { terminal, signal } = context;
  const log = createDiagnosticLog(terminal);
  const found: { drift?: Drift } = {};
  const steps: Step<typeof found>[] = [
    {
      title: 'preparing the working folder',
      run: async () => {
        const { objectId } = await readAccount(context, environment.subscriptionId);
        await prepareWorkspace(await withInflatedUnits(environment, context), paths, context, {
          deployerObjectId: objectId,
        });
        await context.terraform.init({ folder: paths.terraform, signal });
        return undefined;
      },
    },
    {
      title: 'comparing Azure with the state',
      run: async () => {
        found.drift = withoutExpected(await detectDrift({ paths, log }, context), environment);
        return `${found.drift.resources.length} differ`;
      },
    },
  ];
  await context.machine.withLock(paths.lock, () => runSteps(terminal, found, steps));
  log.tell();
  const result = { environment: name, ...found.drift! };
  terminal.print(driftReport(result, name, terminal));
  return result;
}
