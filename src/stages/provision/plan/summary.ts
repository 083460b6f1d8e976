import { type Static, Type } from 'typebox';
import type { PlanJson, ResourceChange } from '../../../tools/terraform-messages.ts';
import { visible } from '../../../ui/visible.ts';
import { type Difference, differences, namesOf, pathText, texts, valueText } from './differences.ts';
import { importanceOf, type Kind, kindOf } from './kinds.ts';
import { reasonText } from './reasons.ts';
import { collectSecrets, isBlock, isEmpty, isList, UNKNOWN, type Veiled, veil } from './veil.ts';

/** What happens to a resource, the most dangerous first. */
export const ACTIONS = ['delete', 'replace', 'update', 'create', 'forget', 'read', 'no-op'] as const;
const Action = Type.Enum([...ACTIONS]);
export type Action = Static<typeof Action>;

const Text = Type.String();
const TextOrNull = Type.Union([Text, Type.Null()]);

/** A property that differs; sensitive values are "(sensitive)", those only Azure can give "(known after apply)". */
export const PropertyChange = Type.Object({
  path: Text,
  before: Text,
  after: Text,
  forcesReplacement: Type.Boolean(),
  drivesCost: Type.Boolean(),
});
export type PropertyChange = Static<typeof PropertyChange>;

export const ResourceSummary = Type.Object({
  address: Text,
  module: Type.String({ description: 'such as "module.hubs"; empty at the root' }),
  type: Text,
  kind: Type.String({ description: 'the type in plain words' }),
  name: Type.String({ description: 'in Azure where that is known, in the template otherwise' }),
  action: Action,
  reason: TextOrNull,
  changes: Type.Array(PropertyChange, { description: 'of updates, replacements and drift' }),
  costs: Type.Array(Text, { description: 'what moves the bill, in words: "6 units"' }),
  loss: Type.Union([Text, Type.Null()], { description: 'what is gone for ever when this is done; null for nothing' }),
});
export type ResourceSummary = Static<typeof ResourceSummary>;

const Count = Type.Integer({ minimum: 0 });

/** A plan as people look at it. No sensitive value is in it. */
export const PlanSummary = Type.Object({
  counts: Type.Object({
    delete: Count,
    replace: Count,
    update: Count,
    create: Count,
    forget: Count,
    read: Count,
    'no-op': Count,
  }),
  changes: Type.Boolean({ description: 'whether applying it would change anything in Azure' }),
  applyable: Type.Boolean({
    description:
      'whether Terraform has anything to do: where Azure stays as it is, outputs or the state may still be behind',
  }),
  resources: Type.Array(ResourceSummary, {
    description: 'without those that stay as they are; the most dangerous first',
  }),
  drift: Type.Array(ResourceSummary, {
    description: 'what was changed outside of oms since the last run, from what was recorded to what was found',
  }),
});
export type PlanSummary = Static<typeof PlanSummary>;

function actionOf(actions: readonly string[]): Action {
  if (actions.length > 1) return 'replace';
  const [action = 'no-op'] = actions;
  return ACTIONS.find((known) => known === action) ?? 'update';
}

interface Sides {
  before: Veiled;
  after: Veiled;
}

function sidesOf({ change }: ResourceChange, secrets: ReadonlySet<string>): Sides {
  const { before, after, before_sensitive, after_sensitive, after_unknown } = change;
  return {
    before: veil(before, { sensitive: before_sensitive, unknown: false }, secrets),
    after: veil(after, { sensitive: after_sensitive, unknown: after_unknown }, secrets),
  };
}

/** The value at a dotted path, through blocks that are there once. */
function valueAt(value: Veiled | undefined, path: readonly string[]): Veiled | undefined {
  if (isList(value) && value.length === 1) return valueAt(value[0], path);
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return isBlock(value) ? valueAt(value[first], rest) : undefined;
}

const textAt = (value: Veiled, path: string): string | undefined => {
  const found = valueAt(value, path.split('.'));
  return found === UNKNOWN || isEmpty(found) ? undefined : valueText(found);
};

/** An id of Azure is called by what it ends in. */
const shortName = (text: string) => text.split('/').at(-1) || text;

function nameOf(resource: ResourceChange, kind: Kind, sides: Sides): string {
  // What is destroyed is called as it was.
  const values = resource.change.actions.includes('delete') || isEmpty(sides.after) ? sides.before : sides.after;
  const parts = (kind.named ?? ['name']).map((path) => textAt(values, path));
  if (parts.every((part) => part !== undefined)) return parts.map((part) => shortName(part)).join('/');
  const { name, index } = resource;
  return visible(index === undefined ? name : `${name}[${index}]`);
}

function isBelow(names: readonly string[], ancestor: readonly string[]): boolean {
  return ancestor.every((name, index) => names[index] === name);
}

function propertyChange(difference: Difference, kind: Kind, forcing: readonly string[][]): PropertyChange {
  const names = namesOf(difference.path);
  const costly = (kind.costs ?? []).map(({ path }) => path.split('.'));
  const touches = (path: readonly string[]) => isBelow(names, path) || isBelow(path, names);
  return {
    path: pathText(difference.path),
    ...texts(difference),
    forcesReplacement: forcing.some(touches),
    drivesCost: costly.some(touches),
  };
}

const rank = (change: PropertyChange) => (change.forcesReplacement ? 0 : change.drivesCost ? 1 : 2);

/** What Azure will fill in anew says nothing of what was asked for. */
const isWorthALine = (change: PropertyChange, action: Action) =>
  action !== 'replace' || change.forcesReplacement || change.after !== '(known after apply)';

function propertyChanges(resource: ResourceChange, action: Action, kind: Kind, sides: Sides): PropertyChange[] {
  if (action !== 'update' && action !== 'replace') return [];
  const forcing = (resource.change.replace_paths ?? []).map(namesOf);
  return differences(sides.before, sides.after)
    .map((difference) => propertyChange(difference, kind, forcing))
    .filter((change) => isWorthALine(change, action))
    .sort((one, other) => rank(one) - rank(other));
}

const costsOf = (kind: Kind, values: Veiled): string[] =>
  (kind.costs ?? []).flatMap(({ path, say }) => {
    const text = textAt(values, path);
    return (text !== undefined && say(text)) || [];
  });

/** Whether a number gets smaller, or a switch is turned off. */
function diminishes(sides: Sides, path: string): boolean {
  const before = valueAt(sides.before, path.split('.'));
  const after = valueAt(sides.after, path.split('.'));
  if (before === true) return after !== true && after !== UNKNOWN;
  return typeof before === 'number' && typeof after === 'number' && after < before;
}

function lossOf(resource: ResourceChange, action: Action, kind: Kind, sides: Sides): string | null {
  if (resource.mode !== 'managed') return null;
  if (resource.change.actions.includes('delete')) return kind.loss ?? null;
  if (action !== 'update') return null;
  const losses = (kind.losing ?? []).filter(({ path }) => diminishes(sides, path)).map(({ loss }) => loss);
  return losses.join('; ') || null;
}

const isMade = (action: Action) => action === 'create' || action === 'replace';

function summariseResource(resource: ResourceChange, secrets: ReadonlySet<string>): ResourceSummary {
  const action = actionOf(resource.change.actions);
  const kind = kindOf(resource.type);
  const sides = sidesOf(resource, secrets);
  const changes = propertyChanges(resource, action, kind, sides);
  const forced = changes.filter(({ forcesReplacement }) => forcesReplacement).map(({ path }) => path);
  return {
    address: visible(resource.address),
    module: visible(resource.module_address ?? ''),
    type: resource.type,
    kind: kind.title,
    name: nameOf(resource, kind, sides),
    action,
    reason: reasonText(resource.action_reason, resource.deposed !== undefined, forced),
    changes,
    costs: isMade(action) ? costsOf(kind, sides.after) : [],
    loss: lossOf(resource, action, kind, sides),
  };
}

/** Every text that is sensitive anywhere in the plan. */
function secretsOf(resources: readonly ResourceChange[]): Set<string> {
  const secrets = new Set<string>();
  for (const { change } of resources) {
    collectSecrets(change.before, change.before_sensitive, secrets);
    collectSecrets(change.after, change.after_sensitive, secrets);
  }
  return secrets;
}

const isDifferent = ({ action, changes }: ResourceSummary) => action !== 'update' || changes.length > 0;

/** What was changed by somebody else is no loss of this plan. */
const asDrift = (resource: ResourceSummary): ResourceSummary => ({
  ...resource,
  reason: resource.action === 'delete' ? 'it is not there any more' : null,
  loss: null,
});

/** What a plan would do, resource by resource, with every sensitive value hidden. */
export function summarisePlan(plan: PlanJson): PlanSummary {
  const planned = plan.resource_changes ?? [];
  const drifted = plan.resource_drift ?? [];
  const secrets = secretsOf([...planned, ...drifted]);
  const all = planned
    .map((resource) => summariseResource(resource, secrets))
    .sort((one, other) => importanceOf(one.type) - importanceOf(other.type));
  const resources = ACTIONS.filter((action) => action !== 'no-op').flatMap((wanted) =>
    all.filter(({ action }) => action === wanted),
  );
  const changes = resources.some(({ action }) => action !== 'read');
  const count = (wanted: Action) => all.filter(({ action }) => action === wanted).length;
  return {
    counts: Object.fromEntries(ACTIONS.map((action) => [action, count(action)])) as Record<Action, number>,
    changes,
    applyable: plan.applyable ?? changes,
    resources,
    drift: drifted.map((resource) => asDrift(summariseResource(resource, secrets))).filter(isDifferent),
  };
}
