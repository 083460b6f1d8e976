/**
 * The path of an entity in an address or an audience such as `sb://host:port/Orders/Partitions/0`:
 * without scheme and host, lower case, without slashes at the ends.
 */
export function entityPath(address: string): string {
  return address
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
}

/** What a link is about. */
export type Address =
  | { node: 'cbs' }
  | { node: 'management' }
  | { node: 'publish'; hub: string; partition: string | null }
  | { node: 'consume'; hub: string; group: string; partition: string };

const CONSUME = /^([^/]+)\/consumergroups\/([^/]+)\/partitions\/([^/]+)$/;
const PUBLISH = /^([^/]+)(?:\/partitions\/([^/]+))?$/;

const node = (path: string): Address | null => {
  if (path === '$cbs') return { node: 'cbs' };
  return path === '$management' || path.endsWith('/$management') ? { node: 'management' } : null;
};

/** The source of a link on which the client receives; null when it is none of the hub's. */
export function parseSource(path: string): Address | null {
  const match = CONSUME.exec(path);
  if (match === null) return node(path);
  return { node: 'consume', hub: match[1]!, group: match[2]!, partition: match[3]! };
}

/** The target of a link on which the client sends; null when it is none of the hub's. */
export function parseTarget(path: string): Address | null {
  const match = path.startsWith('$') ? null : PUBLISH.exec(path);
  if (match === null) return node(path);
  return { node: 'publish', hub: match[1]!, partition: match[2] ?? null };
}
