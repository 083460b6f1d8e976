import { type Static, Type } from 'typebox';

const Text = Type.String();

/** The outputs of templates/terraform, as `terraform output -json` gives them unwrapped; none of them is a secret. */
export const Outputs = Type.Object({
  resource_group: Type.Object({ name: Text, id: Text }),
  namespace: Type.Object({ name: Text, id: Text, fqdn: Text, geo_alias: Type.Union([Text, Type.Null()]) }),
  hubs: Type.Record(Text, Type.Object({ id: Text, partitions: Type.Integer(), consumer_groups: Type.Array(Text) })),
  archive: Type.Object({ account: Text, account_id: Text, blob_endpoint: Text, container: Text }),
  files: Type.Object({ account: Text, account_id: Text, blob_endpoint: Text, containers: Type.Array(Text) }),
  key_vault: Type.Object({ name: Text, uri: Text, secrets: Type.Array(Text) }),
  capture_identity: Type.Object({ id: Text, principal_id: Text }),
  log_workspace: Type.Object({ id: Text }),
});
export type Outputs = Static<typeof Outputs>;
