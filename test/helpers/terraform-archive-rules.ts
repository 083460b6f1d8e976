import {
  address,
  type Body,
  expression,
  isBody,
  nested,
  type Resource,
  type Rule,
  resourcesOf,
  type Template,
  type Value,
  valuesOf,
  variableOf,
} from './terraform-template.ts';

/** 3,653 days cover any span of ten years. */
const TEN_YEARS = 3_653;

/** Event Hubs refuses a format that leaves one of them out. */
const NAME_TOKENS = ['Namespace', 'EventHub', 'PartitionId', 'Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'];

/** What is lost, or taken out of service with everything in it, when the resource goes. */
const DATA_BEARING = [
  'azurerm_eventhub_namespace',
  'azurerm_eventhub',
  'azurerm_storage_account',
  'azurerm_storage_container',
  'azurerm_storage_container_immutability_policy',
  'azurerm_key_vault',
  'azurerm_key_vault_key',
];

/** The smallest value a variable's own validation lets through; `field` is that of an object. */
function leastAllowed(variable: Body | undefined, field: string): number {
  const conditions = (variable ? nested(variable, 'validation') : []).map(({ condition }) => String(condition));
  const bounds = conditions.flatMap((it) => new RegExp(`^\\$\\{var\\.${field} >= (\\d+)\\}$`).exec(it)?.[1] ?? []);
  return Math.max(0, ...bounds.map(Number));
}

/** The archive's container has a retention policy that no setting makes shorter than ten years. */
export const archiveIsKeptTenYears: Rule = (template) => {
  const policies = resourcesOf(template, 'azurerm_storage_container_immutability_policy');
  if (policies.length === 0) return ['no container has an immutability policy'];
  const short = policies.filter((policy) => leastDays(template, policy) < TEN_YEARS).map(address);
  const input = leastAllowed(template.root.variables.archive, 'archive\\.retention_days');
  return [
    ...short.map((it) => `${it}: fewer than ${TEN_YEARS} days are possible`),
    ...(input < TEN_YEARS ? [`variable archive: fewer than ${TEN_YEARS} days are accepted`] : []),
  ];
};

function leastDays(template: Template, { folder, body }: Resource): number {
  const days = body.immutability_period_in_days;
  const variable = variableOf(days);
  if (variable === undefined) return Number(days);
  return leastAllowed(template.modules[folder]?.variables[variable], variable);
}

/** Capture writes a file once: appends to protected files would only weaken the policy, and cannot be undone. */
export const protectedFilesTakeNoAppends: Rule = (template) =>
  resourcesOf(template, 'azurerm_storage_container_immutability_policy').flatMap((policy) =>
    ['protected_append_writes_enabled', 'protected_append_writes_all_enabled']
      .filter((name) => policy.body[name] !== false)
      .map((name) => `${address(policy)}: ${name} is not false`),
  );

function keysOf(value: Value): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return isBody(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]) : [];
}

/** No lifecycle rule deletes anything, nor moves by last access, which an immutable container does not track. */
export const lifecycleNeverDeletes: Rule = (template) =>
  resourcesOf(template, 'azurerm_storage_management_policy').flatMap((policy) =>
    keysOf(policy.body)
      .filter((key) => key.startsWith('delete_') || key.includes('last_access'))
      .map((key) => `${address(policy)}: ${key}`),
  );

/** The Archive tier is there without zone redundancy alone. */
export const archiveTierFitsRedundancy: Rule = (template) =>
  resourcesOf(template, 'azurerm_storage_management_policy').flatMap((policy) => {
    const { locals } = template.modules[policy.folder]!;
    const tiers = nested(policy.body, 'rule')
      .flatMap((rule) => nested(rule, 'actions'))
      .flatMap((actions) => nested(actions, 'base_blob'))
      .flatMap((blob) => blob.tier_to_archive_after_days_since_modification_greater_than ?? []);
    const conditional = (tier: Value) => /^\$\{local\.has_archive_tier \? \d+ : null\}$/.test(String(tier));
    const onlyRagrs = locals.has_archive_tier === expression('var.redundancy == "RAGRS"');
    return tiers.every((tier) => conditional(tier) && onlyRagrs)
      ? []
      : [`${address(policy)}: the Archive tier is asked for whatever the redundancy is`];
  });

/** A prefix that no file has would leave ten years of files in the dearest tier, without an error. */
export const tiersReachTheArchive: Rule = (template) =>
  resourcesOf(template, 'azurerm_storage_management_policy')
    .filter(({ folder }) => folder === 'modules/archive')
    .filter(({ body }) =>
      nested(body, 'rule')
        .flatMap((rule) => nested(rule, 'filters'))
        .some(
          ({ prefix_match }) =>
            JSON.stringify(prefix_match) !== JSON.stringify([`${expression('var.container_name')}/`]),
        ),
    )
    .map((policy) => `${address(policy)}: prefix_match is not the container`);

function destinations(template: Template): { hub: Resource; capture: Body; destination: Body }[] {
  return resourcesOf(template, 'azurerm_eventhub').flatMap((hub) =>
    nested(hub.body, 'capture_description').flatMap((capture) =>
      nested(capture, 'destination').map((destination) => ({ hub, capture, destination })),
    ),
  );
}

/** A captured hub keeps its events until Capture has them: neither is Capture paused, nor are events compacted away. */
export const capturedHubsKeepTheirEvents: Rule = (template) => [
  ...destinations(template)
    .filter(({ capture }) => capture.enabled !== true)
    .map(({ hub }) => `${address(hub)}: Capture is off`),
  ...resourcesOf(template, 'azurerm_eventhub')
    .filter(({ body }) => nested(body, 'retention_description')[0]?.cleanup_policy !== 'Delete')
    .map((hub) => `${address(hub)}: cleanup_policy is not "Delete"`),
];

/** The default would be a shared access signature, which the archive's account refuses. */
export const captureWritesByIdentity: Rule = (template) => {
  const found = destinations(template);
  if (found.length === 0) return ['no hub has Capture'];
  return found
    .filter(({ destination }) => destination.storage_authentication_type !== 'UserAssigned')
    .map(({ hub }) => `${address(hub)}: Capture does not sign in by the namespace's identity`)
    .concat(
      found
        .filter(({ destination }) => !destination.storage_authentication_id)
        .map(({ hub }) => `${address(hub)}: Capture is given no identity`),
    );
};

export const captureNamesAreComplete: Rule = (template) =>
  destinations(template).flatMap(({ hub, destination }) =>
    NAME_TOKENS.filter((token) => !String(destination.archive_name_format).includes(`{${token}}`)).map(
      (token) => `${address(hub)}: archive_name_format lacks {${token}}`,
    ),
  );

const isPrevented = ({ body }: Resource) => nested(body, 'lifecycle').some((it) => it.prevent_destroy === true);

/** Terraform refuses any plan that would destroy data. */
export const dataIsProtected: Rule = (template) =>
  resourcesOf(template, ...DATA_BEARING)
    .filter((resource) => !isPrevented(resource))
    .map((resource) => `${address(resource)}: prevent_destroy is not set`);

/** The overrides release what is protected, all of it and nothing else: `oms destroy` lays them over its copy. */
export const releaseFitsProtection: Rule = (template) => {
  const wanted = resourcesOf(template, ...DATA_BEARING)
    .filter(isPrevented)
    .map(address);
  const released = Object.entries(template.files)
    .filter(([path]) => path.endsWith('release_override.tf.json'))
    .flatMap(([path, text]) => releasedBy(path, text));
  return [
    ...wanted.filter((it) => !released.includes(it)).map((it) => `${it}: no override releases it`),
    ...released.filter((it) => !wanted.includes(it)).map((it) => `${it}: an override releases what is not protected`),
  ];
};

function releasedBy(path: string, text: string): string[] {
  const folder = path.replace(/^release\//, '').replace(/\/[^/]*$/, '');
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, unknown>> };
  return Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((it) => `${folder} ${type}.${it}`));
}

/** Time to notice that something was deleted. */
const UNDO_DAYS = 30;

/** What keeps data when somebody deletes it all the same: a lock, versions, deleted things that can be had back. */
export const deletionsCanBeUndone: Rule = (template) => [
  ...resourcesOf(template, 'azurerm_storage_account').flatMap((account) => {
    const [blobs] = nested(account.body, 'blob_properties');
    const kept = (policy: string) => Number((blobs ? nested(blobs, policy) : [])[0]?.days ?? 0) >= UNDO_DAYS;
    const lacking = [
      ...(blobs?.versioning_enabled === true ? [] : ['versioning']),
      ...['delete_retention_policy', 'container_delete_retention_policy']
        .filter((policy) => !kept(policy))
        .map((policy) => `${policy} of ${UNDO_DAYS} days`),
    ];
    return lacking.map((it) => `${address(account)}: no ${it}`);
  }),
  ...resourcesOf(template, 'azurerm_key_vault')
    .filter(({ body }) => body.purge_protection_enabled !== true || Number(body.soft_delete_retention_days) < 90)
    .map((vault) => `${address(vault)}: no purge protection of 90 days`),
  ...(archiveIsLocked(template) ? [] : ['the archive account has no CanNotDelete lock by default']),
];

function archiveIsLocked(template: Template): boolean {
  return resourcesOf(template, 'azurerm_management_lock').some(({ folder, body }) => {
    const byDefault = valuesOf(template, folder, expression('var.protect')).every((value) => value === true);
    const scoped = body.scope === expression('azurerm_storage_account.archive.id');
    return (
      body.lock_level === 'CanNotDelete' && scoped && body.count === expression('var.protect ? 1 : 0') && byDefault
    );
  });
}

export const ARCHIVE_RULES: Readonly<Record<string, Rule>> = {
  archiveIsKeptTenYears,
  protectedFilesTakeNoAppends,
  lifecycleNeverDeletes,
  archiveTierFitsRedundancy,
  tiersReachTheArchive,
  capturedHubsKeepTheirEvents,
  captureWritesByIdentity,
  captureNamesAreComplete,
  dataIsProtected,
  releaseFitsProtection,
  deletionsCanBeUndone,
};
