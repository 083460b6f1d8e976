/** The parts of a resource's id, or of the path of a list of resources. */
export interface ResourcePath {
  /** Lower case. */
  id: string;
  subscription: string;
  /** Undefined in a list of the whole subscription. */
  group: string | undefined;
  /** e.g. Microsoft.EventHub/namespaces/eventhubs, as it was written */
  type: string;
  /** One per type; in a list the last one is missing. */
  names: string[];
  isList: boolean;
  /** Id of the resource it lies in, lower case: the parent, the group or the subscription. */
  parent: string;
}

const GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups(?:\/([^/]+))?$/i;
const IN_PROVIDER = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/([^/]+)\/(.+)$/i;

function parseGroup(path: string, [, subscription = '', group]: RegExpExecArray): ResourcePath {
  return {
    id: path.toLowerCase(),
    subscription,
    group,
    type: 'Microsoft.Resources/resourceGroups',
    names: group ? [group] : [],
    isList: !group,
    parent: `/subscriptions/${subscription}`.toLowerCase(),
  };
}

/** @returns undefined for a path that is no resource's and no list's. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const clean = path.replace(/\/$/, '');
  const asGroup = GROUP.exec(clean);
  if (asGroup) return parseGroup(clean, asGroup);
  const match = IN_PROVIDER.exec(clean);
  if (!match) return undefined;
  const [, subscription = '', group, provider = '', rest = ''] = match;
  const parts = rest.split('/');
  const isList = parts.length % 2 === 1;
  const inGroup = `/subscriptions/${subscription}${group ? `/resourceGroups/${group}` : ''}`;
  const parent =
    parts.length > 2
      ? clean
          .split('/')
          .slice(0, isList ? -1 : -2)
          .join('/')
      : inGroup;
  return {
    id: clean.toLowerCase(),
    subscription,
    group,
    type: [provider, ...parts.filter((_, index) => index % 2 === 0)].join('/'),
    names: parts.filter((_, index) => index % 2 === 1),
    isList,
    parent: parent.toLowerCase(),
  };
}
