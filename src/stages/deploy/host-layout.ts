/**
 * Where everything lies on a server, below the site's `home` (/opt/oms where nothing else is said). Compose always runs
 * with `home` as its project directory, so that a path does not change from release to release: a container is made
 * anew only when something it uses has changed.
 */
export const HOST_LAYOUT = {
  /** One folder a release: compose.yaml, .env, release.json, images/ (build contexts). The newest KEPT_RELEASES stay. */
  releases: 'releases',
  /** {@link HostState} as JSON: which release runs in which colours. Written last, by renaming. */
  state: 'state.json',
  /** One file a secret; the folder is root's, the files belong to who reads them. */
  secrets: 'secrets',
  /** traefik.yml; a change needs a restart of the proxy. */
  traefikStatic: 'traefik/traefik.yml',
  /** Files Traefik watches: routes.yml, tls.yml. Replaced by renaming. */
  traefikDynamic: 'traefik/dynamic',
  traefikCertificates: 'traefik/acme',
  /** prometheus/ and grafana/ of templates/compose/observability, as they are. */
  observability: 'observability',
  /** Folders that containers write to, each its user's (USERS): blobs, prometheus, grafana. */
  data: 'data',
  backups: 'backups',
  /** JSON lines, the same as at the machine that deploys. */
  audit: 'audit.jsonl',
  /** A folder: making one is atomic. holder.json in it says who, since when, why. */
  lock: 'lock',
} as const;

/** How many releases stay on a server, the running one among them: what `oms rollback` can go back to. */
export const KEPT_RELEASES = 5;

/** Name of the Compose project, which containers, networks and volumes begin with. */
export const PROJECT = 'oms';
