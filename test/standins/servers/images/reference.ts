/** A reference to an image, as in a compose file or a Dockerfile. */
export interface Reference {
  /** Of a registry other than Docker Hub; undefined for Docker Hub. */
  registry: string | undefined;
  /** Below the registry: `library/node`, `nginxinc/nginx-unprivileged`. */
  repository: string;
  tag: string;
}

/** As Docker reads it: the first part is a registry's name when it could be one. */
export function parseReference(text: string): Reference {
  const [named, tag = 'latest'] = text.split(/:(?=[^/:]+$)/) as [string, string?];
  const parts = named.split('/');
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!);
  const registry = hasRegistry ? parts.shift() : undefined;
  const path = parts.join('/');
  return { registry, repository: registry || parts.length > 1 ? path : `library/${path}`, tag };
}

/** Images that Dockerfiles build on. */
export const fromLines = (dockerfile: string): string[] =>
  [...dockerfile.matchAll(/^FROM\s+(?:--\S+\s+)*([^\s$]+)/gim)]
    .map((match) => match[1]!)
    .filter((name) => name !== 'scratch');
