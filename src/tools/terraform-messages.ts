import { type Static, Type } from 'typebox';

const Text = Type.String();
const Flag = Type.Boolean();

/** Of a resource in a message of the machine-readable UI. */
const Resource = Type.Object({
  addr: Text,
  module: Text,
  resource: Text,
  implied_provider: Text,
  resource_type: Text,
  resource_name: Text,
});

export const Diagnostic = Type.Object({
  severity: Text,
  summary: Text,
  detail: Type.Optional(Text),
  address: Type.Optional(Text),
});
export type Diagnostic = Static<typeof Diagnostic>;

/**
 * A line of `terraform plan|apply -json`: every kind shares the keys with an @, and carries what its type says.
 * Unknown fields and types are let through, as the format asks of its readers
 * (developer.hashicorp.com/terraform/internals/machine-readable-ui).
 */
export const TerraformMessage = Type.Object({
  '@level': Text,
  '@message': Text,
  '@timestamp': Type.Optional(Text),
  type: Text,
  terraform: Type.Optional(Text),
  ui: Type.Optional(Text),
  hook: Type.Optional(
    Type.Object({
      resource: Type.Optional(Resource),
      action: Type.Optional(Text),
      id_key: Type.Optional(Text),
      id_value: Type.Optional(Text),
      elapsed_seconds: Type.Optional(Type.Number()),
    }),
  ),
  change: Type.Optional(Type.Object({ resource: Resource, action: Text, reason: Type.Optional(Text) })),
  changes: Type.Optional(
    Type.Object({ add: Type.Integer(), change: Type.Integer(), remove: Type.Integer(), operation: Text }),
  ),
  diagnostic: Type.Optional(Diagnostic),
});
export type TerraformMessage = Static<typeof TerraformMessage>;

/** One resource of a saved plan; the masks mirror the values with true at every hidden or unknown leaf. */
export const ResourceChange = Type.Object({
  address: Text,
  module_address: Type.Optional(Text),
  mode: Text,
  type: Text,
  name: Text,
  /** Of `count` or `for_each`. */
  index: Type.Optional(Type.Union([Text, Type.Number()])),
  /** Key of an object that an interrupted replacement has left behind. */
  deposed: Type.Optional(Text),
  provider_name: Type.Optional(Text),
  action_reason: Type.Optional(Text),
  change: Type.Object({
    actions: Type.Array(Text),
    before: Type.Unknown(),
    after: Type.Unknown(),
    after_unknown: Type.Optional(Type.Unknown()),
    before_sensitive: Type.Optional(Type.Unknown()),
    after_sensitive: Type.Optional(Type.Unknown()),
    replace_paths: Type.Optional(Type.Array(Type.Array(Type.Union([Text, Type.Number()])))),
  }),
});
export type ResourceChange = Static<typeof ResourceChange>;

/** What `terraform show -json <plan>` prints, as far as it is used (format 1.x). */
export const PlanJson = Type.Object({
  format_version: Text,
  terraform_version: Type.Optional(Text),
  resource_changes: Type.Optional(Type.Array(ResourceChange)),
  resource_drift: Type.Optional(Type.Array(ResourceChange)),
  applyable: Type.Optional(Flag),
  complete: Type.Optional(Flag),
  errored: Type.Optional(Flag),
});
export type PlanJson = Static<typeof PlanJson>;
