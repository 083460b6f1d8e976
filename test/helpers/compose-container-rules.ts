import { OTHERS_IMAGES, OWN_IMAGES, SERVICES, type Service, USERS } from '../../src/stages/deploy/services.ts';
import { type ComposeRule, type ComposeService, eachService } from './compose-template.ts';

const specOf = (name: string): Service | undefined => (SERVICES as Record<string, Service>)[name];
const isOwn = (image: string): boolean => (OWN_IMAGES as readonly string[]).includes(image);
const same = (value: unknown, expected: unknown): boolean => JSON.stringify(value) === JSON.stringify(expected);
const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_');
const numbers: readonly number[] = Object.values(USERS);

/** Folders of the server that a container may write to. */
const WRITABLE = [
  './traefik/acme:/acme',
  './data/blobs:/data',
  './data/prometheus:/prometheus',
  './data/grafana:/var/lib/grafana',
];

function imageFault({ image = '', pull_policy }: ComposeService, name: string): string | undefined {
  const spec = specOf(name);
  if (!spec) return;
  if (isOwn(spec.image)) {
    if (image !== `\${OMS_IMAGE_${upper(spec.image)}:?is the tag of its build context}`) return `image is ${image}`;
    return pull_policy === 'never' ? undefined : 'an image of ours could be pulled from a registry';
  }
  const known = OTHERS_IMAGES[spec.image as keyof typeof OTHERS_IMAGES];
  return image === `\${OMS_IMAGE_${upper(spec.image)}:-${known}}` ? undefined : `image is ${image}, not ${known}`;
}

function healthFault({ healthcheck = {} }: ComposeService, name: string): string | undefined {
  if (specOf(name)?.update === 'job') return healthcheck.disable === true ? undefined : 'a job has a health check';
  const { test, interval, timeout, retries, start_period } = healthcheck;
  if (!Array.isArray(test) || test[0] !== 'CMD') return 'health check is not a plain command';
  if (!interval || !timeout || !retries || !start_period) return 'health check leaves a time to its default';
  return 'start_interval' in healthcheck
    ? undefined
    : 'health check without a start_interval: a deployment waits for the long one';
}

function mountFaults({ volumes = [] }: ComposeService): string[] {
  return volumes.flatMap((volume) => {
    if (volume.includes('docker.sock')) return ["has Docker's socket"];
    if (!volume.startsWith('.') && !volume.startsWith('/')) return [];
    if (!volume.startsWith('./')) return [`mounts ${volume} from outside of the site's folder`];
    return volume.endsWith(':ro') || WRITABLE.includes(volume) ? [] : [`may write to ${volume}`];
  });
}

/** What every container has to have, or not to have. */
export const CONTAINER_RULES: Readonly<Record<string, ComposeRule>> = {
  everyServiceIsKnown({ base }) {
    const missing = Object.keys(SERVICES).filter((name) => !base.services[name]);
    const strange = Object.keys(base.services).filter((name) => !specOf(name));
    return [
      ...missing.map((name) => `${name}: is missing`),
      ...strange.map((name) => `${name}: is not in services.ts`),
    ];
  },
  profilesAreThoseOfTheServices: ({ base }) =>
    eachService(base, ({ profiles = [] }, name) => {
      const profile = specOf(name)?.profile;
      return !same(profiles, profile ? [profile] : []) && `is in the profiles [${profiles}]`;
    }),
  runsAsOrdinaryUser: ({ all }) =>
    eachService(all, ({ user = '' }) => {
      const [uid, gid] = user.split(':');
      return (!numbers.includes(Number(uid)) || uid !== gid) && `runs as "${user}"`;
    }),
  rootFileSystemIsReadOnly: ({ all }) =>
    eachService(all, ({ read_only }) => read_only !== true && 'root file system can be written to'),
  hasNoCapability: ({ all }) =>
    eachService(all, ({ cap_drop, cap_add, privileged }) => [
      ...(same(cap_drop, ['ALL']) ? [] : ['keeps capabilities']),
      ...(cap_add ? ['adds capabilities'] : []),
      ...(privileged ? ['is privileged'] : []),
    ]),
  gainsNoPrivileges: ({ all }) =>
    eachService(
      all,
      ({ security_opt }) => !same(security_opt, ['no-new-privileges:true']) && 'programs in it can gain privileges',
    ),
  sharesNothingOfTheHost: ({ all }) =>
    eachService(all, (service) =>
      ['network_mode', 'pid', 'ipc', 'userns_mode', 'devices', 'cgroup_parent', 'uts']
        .filter((key) => key in service)
        .map((key) => `has ${key}`),
    ),
  mountsLittle: ({ all }) => eachService(all, mountFaults),
  temporaryFilesAreBounded: ({ all }) =>
    eachService(all, ({ tmpfs = [] }) =>
      tmpfs.filter((one) => !/size=\d+m/.test(one) || !/noexec,nosuid/.test(one)).map((one) => `tmpfs ${one} is open`),
    ),
  isLimited: ({ all }) =>
    eachService(all, (service) =>
      ['mem_limit', 'cpus', 'pids_limit'].filter((key) => !service[key]).map((key) => `has no ${key}`),
    ),
  logsAreRotated: ({ all }) =>
    eachService(all, ({ logging }) => {
      const { 'max-size': size, 'max-file': count } = logging?.options ?? {};
      return !(logging?.driver === 'json-file' && size && count) && 'logs grow without end';
    }),
  isHealthChecked: ({ all }) => eachService(all, healthFault),
  stopsInItsOwnTime: ({ all }) =>
    eachService(all, ({ stop_grace_period, init }) => [
      ...(stop_grace_period ? [] : ['has no stop_grace_period']),
      ...(init === true ? [] : ['nobody reaps its children: no init']),
    ]),
  comesBack: ({ all }) =>
    eachService(all, ({ restart }, name) => {
      const wanted = specOf(name)?.update === 'job' ? 'no' : 'unless-stopped';
      return restart !== wanted && `restart is ${restart}`;
    }),
  carriesItsHash: ({ all }) =>
    eachService(all, ({ labels }, name) => {
      const wanted = { 'oms.hash': `\${OMS_HASH_${upper(name)}:-}` };
      return !same(labels, wanted) && 'does not carry its own hash';
    }),
  imagesArePinned: ({ all }) => eachService(all, imageFault),
  waitsForNobody: ({ all }) =>
    eachService(all, (service) =>
      ['depends_on', 'links', 'container_name', 'deploy'].filter((key) => key in service).map((key) => `has ${key}`),
    ),
  portsAreText: ({ all }) => all.unquoted,
  coloursDifferByNameAlone({ all: { services } }) {
    return ['producer', 'consumer'].flatMap((role) => {
      const [a, b] = ['a', 'b'].map((colour) => JSON.stringify(services[`${role}-${colour}`]));
      const alike = (text = '') => text.replace(/_(A|B)(?=[_:])/g, '_X').replace(/:-91\d\d/, '');
      return alike(a) === alike(b) ? [] : [`${role}: its colours differ`];
    });
  },
};
