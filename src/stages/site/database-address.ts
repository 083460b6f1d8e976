import { isIP } from 'node:net';
import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { visible } from '../../ui/visible.ts';
import { onHost } from '../deploy/host-command.ts';
import { PROJECT } from '../deploy/host-layout.ts';
import type { Site } from '../deploy/site.ts';

/** As Compose calls it, and the network whose addresses the accounts are bound to (compose.yaml). */
const CONTAINER = `${PROJECT}-mysql-1`;
const NETWORK = `${PROJECT}_data`;
const FORMAT = `{{.State.Status}} {{with index .NetworkSettings.Networks "${NETWORK}"}}{{.IPAddress}}{{end}}`;

const INSPECT = `
said=$(docker inspect --type container --format "$2" "$1" 2>&1) && { printf '%s\\n' "$said"; exit 0; }
case $said in *"No such container"*|*"No such object"*) echo absent; exit 0;; esac
printf '%s\\n' "$said" >&2
exit 1`;

/**
 * The address of a site's database as its server sees it: its container publishes no port where one server carries all.
 * @throws {OmsError} host_unreachable; deploy_failed with what Docker said; not_deployed where there is no container;
 * database_unreachable where it does not run.
 */
export async function databaseAddress(site: Site, target: RemoteTarget, context: Context): Promise<string> {
  const purpose = 'Docker could not be asked for the database';
  const { stdout } = await onHost({ target, script: INSPECT, args: [CONTAINER, FORMAT], purpose }, context);
  const [state = '', address = ''] = stdout.trim().split('\n').at(-1)!.split(' ');
  if (state === 'absent') {
    throw new OmsError('not_deployed', `${site.name} has no database yet`, {
      why: `there is no container ${CONTAINER} on ${target.name}`,
      next: [`oms deploy --env ${site.name}`, `oms status --env ${site.name}`],
    });
  }
  if (state === 'running' && isIP(address) !== 0) return address;
  throw new OmsError('database_unreachable', `the database of ${site.name} does not run`, {
    why: `the container ${CONTAINER} on ${target.name} is ${visible(state)}${state === 'running' ? `, and not in the network ${NETWORK}` : ''}`,
    next: [`oms logs mysql --env ${site.name}`, `oms status --env ${site.name}`],
  });
}
