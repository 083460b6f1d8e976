import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { type Asking, confirmTyped } from '../../ui/confirm.ts';
import type { EnvironmentPaths } from './environment.ts';
import { refuseWhileTerraformRuns } from './left-behind.ts';

export interface UnlockOptions {
  environment: string;
  paths: Pick<EnvironmentPaths, 'terraform' | 'backend' | 'lock' | 'runs'>;
  lockId: string;
  /** Answers without asking. */
  yes: boolean;
}

const LOCK_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function requireLockId(lockId: string): void {
  if (LOCK_ID.test(lockId)) return;
  throw new OmsError('usage', `--unlock: expected the id of a lock, got "${lockId}"`, {
    next: ['the error about the lock names it, such as 8f2b9a1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b'],
  });
}

function requireWorkspace({ environment, paths }: UnlockOptions, context: Context): void {
  if (context.machine.exists(paths.backend)) return;
  throw new OmsError('not_provisioned', `there is nothing of ${environment} on this machine`, {
    why: 'where its state is kept has to be known before its lock can be taken away',
    next: [`oms provision --env ${environment} --plan-only`],
  });
}

async function consent({ environment, lockId, yes }: UnlockOptions, context: Context, asking: Asking): Promise<void> {
  if (yes) return;
  const { terminal, signal } = context;
  const flagged = `oms provision --env ${environment} --unlock ${lockId} --yes`;
  if (terminal.interactive) {
    terminal.note('Two runs that write one state at a time ruin it. Be sure that the one that took the lock is dead.');
  }
  if (
    await confirmTyped(terminal, `Type ${environment} to take its lock away:`, environment, flagged, {
      signal,
      ...asking,
    })
  ) {
    return;
  }
  throw new OmsError('refused', `${environment} was not typed, the lock stays`, { next: [flagged] });
}

/**
 * Takes away the lock that a dead Terraform has left on the state, once a person has said so.
 * @param asking for tests: other streams than the terminal's.
 * @throws {OmsError} refused while an oms of this machine works on the environment, or without a yes; state_locked
 * while Terraform of an earlier run is at work; usage for what is no id; not_provisioned without a working folder.
 */
export async function unlock(options: UnlockOptions, context: Context, asking: Asking = {}): Promise<void> {
  const { paths, lockId } = options;
  requireLockId(lockId);
  requireWorkspace(options, context);
  await context.machine.withLock(paths.lock, async () => {
    await refuseWhileTerraformRuns(paths, context);
    await consent(options, context, asking);
    const call = { folder: paths.terraform, signal: context.signal };
    await context.terraform.init(call);
    await context.terraform.unlock({ ...call, lockId });
  });
  context.terminal.note(`The lock ${lockId} is gone.`);
}
