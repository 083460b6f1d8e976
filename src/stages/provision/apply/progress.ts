import type { Diagnostic, TerraformMessage } from '../../../tools/terraform-messages.ts';

type Message = TerraformMessage;

/** How far a resource is. */
export type ResourceState = 'waiting' | 'running' | 'done' | 'failed';

/** One resource of a running apply. */
export interface ResourceProgress {
  address: string;
  /** Its module's name, or its kind where it stands outside of modules. */
  group: string;
  /** The address inside of its group. */
  label: string;
  /** What the plan says of it ("replace"), else what Terraform does ("create"). */
  action: string;
  state: ResourceState;
  /** Operations still to come after the running one; a replacement has two. */
  more: number;
  /** Seconds of finished operations, and of the running one as far as Terraform has told. */
  seconds: number;
  /** Milliseconds on the caller's clock when the running operation began. */
  startedAt: number | undefined;
}

/** An apply as it goes. */
export interface ApplyProgress {
  /** Resources the plan wants changed; at least as many as have been seen. */
  total: number;
  resources: Map<string, ResourceProgress>;
  diagnostics: Diagnostic[];
  /** Terraform's own count at the end. */
  summary: { added: number; changed: number; removed: number } | undefined;
  terraform: string | undefined;
}

export const newProgress = (total: number): ApplyProgress => ({
  total,
  resources: new Map(),
  diagnostics: [],
  summary: undefined,
  terraform: undefined,
});

type Resource = NonNullable<NonNullable<Message['change']>['resource']>;

/** "azurerm_storage_account" is of the kind "storage account". */
const kindOf = (type: string) => type.replace(/^[a-z0-9]+_/, '').replaceAll('_', ' ') || type;

function placeOf({ addr, resource_type: type }: Resource): { group: string; label: string } {
  const inModule = /^module\.([\w-]+)(?:\[[^\]]*\])?\.(.+)$/.exec(addr);
  return inModule ? { group: inModule[1]!, label: inModule[2]! } : { group: kindOf(type), label: addr };
}

/** Reading data changes nothing, so it counts for nothing. */
const CHANGING = new Set(['create', 'update', 'delete', 'replace', 'remove', 'move', 'import']);

function find(progress: ApplyProgress, resource: Resource, action: string): ResourceProgress {
  const known = progress.resources.get(resource.addr);
  if (known) return known;
  const added: ResourceProgress = {
    address: resource.addr,
    ...placeOf(resource),
    action,
    state: 'waiting',
    more: action === 'replace' ? 1 : 0,
    seconds: 0,
    startedAt: undefined,
  };
  progress.resources.set(resource.addr, added);
  progress.total = Math.max(progress.total, progress.resources.size);
  return added;
}

function begin(resource: ResourceProgress, now: number): void {
  resource.state = 'running';
  resource.startedAt = now;
}

function complete(resource: ResourceProgress, seconds: number): void {
  resource.seconds += seconds;
  resource.startedAt = undefined;
  // Between the two halves of a replacement it waits for what depends on it.
  resource.state = resource.more > 0 ? 'waiting' : 'done';
  resource.more = Math.max(0, resource.more - 1);
}

function fail(resource: ResourceProgress, seconds: number): void {
  resource.seconds += seconds;
  resource.startedAt = undefined;
  resource.state = 'failed';
}

function foldHook(progress: ApplyProgress, message: Message, now: number): ResourceProgress | undefined {
  const { resource: facts, action = '', elapsed_seconds: seconds = 0 } = message.hook ?? {};
  if (!facts || !CHANGING.has(action)) return undefined;
  const resource = find(progress, facts, action);
  // Deleted and made again, or the other way round.
  if (resource.action !== action && message.type === 'apply_start') resource.action = 'replace';
  if (message.type === 'apply_start') begin(resource, now);
  else if (message.type === 'apply_complete') complete(resource, seconds);
  else if (message.type === 'apply_errored') fail(resource, seconds);
  return resource;
}

/**
 * Takes in one message of `terraform apply -json`; what it does not know it leaves alone.
 * @param now milliseconds on a clock that never goes back.
 * @returns the resource it is about.
 */
export function foldMessage(progress: ApplyProgress, message: Message, now: number): ResourceProgress | undefined {
  if (message.type.startsWith('apply_')) return foldHook(progress, message, now);
  if (message.type === 'planned_change' && message.change && CHANGING.has(message.change.action)) {
    return find(progress, message.change.resource, message.change.action);
  }
  if (message.type === 'version') progress.terraform = message.terraform;
  if (message.diagnostic) progress.diagnostics.push(message.diagnostic);
  if (message.type === 'change_summary' && message.changes?.operation !== 'plan') {
    const { add: added = 0, change: changed = 0, remove: removed = 0 } = message.changes ?? {};
    progress.summary = { added, changed, removed };
  }
  return undefined;
}

export const inState = (progress: ApplyProgress, state: ResourceState): ResourceProgress[] =>
  [...progress.resources.values()].filter((resource) => resource.state === state);
