import type { Context } from '../../../context.ts';
import { messageOf } from '../../../errors.ts';
import { removeDeploying, writeDeploying } from '../host-state.ts';
import { onAll } from '../on-all.ts';
import { sitePaths } from '../site.ts';
import { targetOf } from '../targets.ts';
import type { RolloutCall } from './attempt.ts';

/** Leaves word on every server of how far it has come, for whoever finds it cut off. */
export async function leaveWord({ site, plan }: RolloutCall, phase: string, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  const word = { release: plan.release, from: plan.running, colours: plan.colours, phase };
  await onAll(site.hosts, (host) => writeDeploying(targetOf(host, site, paths), site.home, word, context));
}

/** Takes it back. A server where that fails is told of: what runs there is as it should be, the word alone is not. */
export async function takeWordBack({ site }: RolloutCall, context: Context): Promise<void> {
  const paths = sitePaths(context.settings.dir, site.name);
  await Promise.all(
    site.hosts.map((host) =>
      removeDeploying(targetOf(host, site, paths), site.home, context).catch((error: unknown) => {
        context.terminal.note(
          `The next deployment will take this one for cut off on ${host.name}: ${messageOf(error)}`,
        );
      }),
    ),
  );
}
