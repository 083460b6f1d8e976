import type { Reference } from './reference.ts';

/** Layers of stand-in images; each is made once, and shared by the images that have it. */
export const LAYERS = ['base', 'node', 'nginx', 'wget', 'mysql', 'azurite', 'traefik'] as const;
export type LayerName = (typeof LAYERS)[number];

/** Settings of an image, as Docker's own configuration has them. */
export interface ImageSettings {
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  User?: string;
  WorkingDir?: string;
  StopSignal?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
}

export interface Kind {
  layers: readonly LayerName[];
  /** What is in it, for whoever reads which images are stand-ins. */
  what: string;
  settings: ImageSettings;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NODE_ENTRYPOINT = ['docker-entrypoint.sh'];

const NODE: Kind = {
  layers: ['base', 'node'],
  what: `Node ${process.versions.node} of npm on Debian's packages`,
  settings: { Env: [PATH, `NODE_VERSION=${process.versions.node}`], Entrypoint: NODE_ENTRYPOINT, Cmd: ['node'] },
};

const NGINX: Kind = {
  layers: ['base', 'nginx'],
  what: "Debian's nginx",
  settings: {
    Env: [PATH],
    Entrypoint: ['/docker-entrypoint.sh'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    User: '101',
    StopSignal: 'SIGQUIT',
    ExposedPorts: { '8080/tcp': {} },
  },
};

const MYSQL: Kind = {
  layers: ['base', 'mysql'],
  what: "Debian's MySQL",
  settings: {
    Env: [PATH],
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['mysqld'],
    ExposedPorts: { '3306/tcp': {}, '33060/tcp': {} },
    Volumes: { '/var/lib/mysql': {} },
  },
};

const AZURITE: Kind = {
  layers: ['base', 'node', 'azurite'],
  what: "the blob service of npm's azurite",
  settings: {
    ...NODE.settings,
    WorkingDir: '/opt/azurite',
    Cmd: ['azurite', '--blobHost', '0.0.0.0', '--location', '/data'],
    ExposedPorts: { '10000/tcp': {} },
    Volumes: { '/data': {} },
  },
};

const TRAEFIK: Kind = {
  layers: ['base', 'node', 'traefik'],
  what: 'a proxy of ours that reads the same files; nothing of Traefik is in it',
  settings: {
    Env: [PATH],
    Entrypoint: ['/entrypoint.sh'],
    Cmd: ['traefik'],
    ExposedPorts: { '80/tcp': {} },
  },
};

/** By the last part of the repository's name. */
const KINDS: Record<string, Kind> = {
  node: NODE,
  'nginx-unprivileged': NGINX,
  mysql: MYSQL,
  azurite: AZURITE,
  traefik: TRAEFIK,
};

/**
 * What stands in for an image; undefined when nothing does.
 * Only what the real image has is in it: a health check by wget works with the images that are built on Alpine.
 */
export function kindOf({ repository, tag }: Reference): Kind | undefined {
  const kind = KINDS[repository.split('/').at(-1)!];
  return kind === NGINX && /alpine/.test(tag) ? { ...NGINX, layers: [...NGINX.layers, 'wget'] } : kind;
}
