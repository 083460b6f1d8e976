import type { RolloutOptions } from '../../config/deploy-options.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { KEPT_RELEASES, PROJECT } from './host-layout.ts';
import { whoAmI } from './lock-holder.ts';
import type { MadeRelease } from './make-release.ts';
import { profilesOf, serviceNamesOf } from './release-parts/compose-files.ts';
import type { StagedSecrets } from './secrets.ts';
import { type Colour, OWN_IMAGES, SECRETS, SERVICES, type Secret, USERS } from './services.ts';
import { HOST_GROUPS, type Site, type SitePaths } from './site.ts';
import type { DeployVariables } from './variables.ts';

/**
 * From "I drain" until nothing new comes: interval (1 s) and timeout (3 s) of the proxy's health check for web servers.
 * Also what nginx needs to find pages that were made anew: their address after 1 s, past failures forgotten after 2 s.
 */
export const DRAIN_SECONDS = 4;

const groupsOf = (site: Site, image: string): string[] => {
  const services = serviceNamesOf(site).filter((service) => SERVICES[service].image === image);
  return HOST_GROUPS.filter((group) => services.some((service) => SERVICES[service].group === group));
};

const secretFiles = ({ names }: Pick<StagedSecrets, 'names'>): DeployVariables['oms_secret_files'] =>
  names.map((name) => {
    const { user, group }: Secret = SECRETS[name];
    return { name, group, uid: USERS[user], gid: USERS[user] };
  });

/** Colours that run now, as the plan's services tell them. */
function coloursBefore({ services }: DeployPlan): DeployVariables['oms_colours_before'] {
  const of = (name: string) => services.find(({ service }) => service === name)?.colours?.from as Colour | undefined;
  const [producer, consumer] = [of('producer'), of('consumer')];
  return producer && consumer ? { producer, consumer } : null;
}

export interface VariablesInput {
  site: Site;
  made: MadeRelease;
  plan: DeployPlan;
  secrets: Pick<StagedSecrets, 'folder' | 'names'>;
  paths: Pick<SitePaths, 'stage'>;
  rollout: Pick<RolloutOptions, 'images' | 'gateSeconds'>;
  /** Whether an earlier release comes back. */
  back?: boolean;
}

/** What the playbooks are told, as `variables.json`. No secret is in it: their files are named. */
export function deployVariables({
  site,
  made,
  plan,
  secrets,
  paths,
  rollout,
  back = false,
}: VariablesInput): DeployVariables {
  const { release, composeFiles } = made;
  return {
    oms_home: site.home,
    oms_project: PROJECT,
    oms_release: release.id,
    oms_previous: plan.running,
    oms_stage: paths.stage,
    oms_secrets: secrets.folder,
    oms_secret_files: secretFiles(secrets),
    oms_images: Object.entries(release.images).map(([name, reference]) => ({
      reference,
      group: groupsOf(site, name),
      context: OWN_IMAGES.some((image) => image === name) ? name : null,
    })),
    oms_image_archive: rollout.images ?? null,
    oms_compose_files: [...composeFiles],
    oms_profiles: profilesOf(site),
    oms_replicas: site.replicas,
    oms_migrates: !back,
    oms_colours: plan.colours,
    oms_colours_before: coloursBefore(plan),
    oms_gate_seconds: rollout.gateSeconds,
    oms_drain_seconds: DRAIN_SECONDS,
    oms_kept_releases: KEPT_RELEASES,
    oms_deployed_by: whoAmI(),
  };
}
