import type { DeployPlan } from '../deploy-plan.ts';
import type { DiffInput, KnownHost } from '../diff.ts';
import { OWN_IMAGES, SERVICES, type ServiceName } from '../services.ts';
import type { Host } from '../site.ts';

const isOwn = (name: string): boolean => OWN_IMAGES.some((image) => image === name);

/** What a server needs of an image follows from the services of its groups. */
function needs({ groups }: Host, image: string, services: readonly ServiceName[]): boolean {
  return services.some((service) => SERVICES[service].image === image && groups.includes(SERVICES[service].group));
}

/**
 * Images that servers do not have from the release that runs, and how they get them. Whether another release has left
 * them there is only known to Docker: what is there is neither built nor pulled again.
 */
export function imagesToGet({ site, made, archive }: DiffInput, hosts: readonly KnownHost[]): DeployPlan['images'] {
  const { images, services } = made.release;
  const names = Object.keys(services).filter((service): service is ServiceName => service in SERVICES);
  return Object.entries(images).flatMap(([name, reference]) => {
    const servers = site.hosts.filter((host) => {
      const facts = hosts.find((known) => known.host === host.name);
      return needs(host, name, names) && facts?.release?.images[name] !== reference;
    });
    const how: DeployPlan['images'][number]['how'] = archive ? 'load' : isOwn(name) ? 'build' : 'pull';
    return servers.length > 0 ? [{ reference, how, hosts: servers.map((host) => host.name) }] : [];
  });
}
