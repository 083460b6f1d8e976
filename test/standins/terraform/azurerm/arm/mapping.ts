import type { ArmClient } from './client.ts';
import type { Field, Json } from './fields.ts';

/** A resource of Azure that a part of a Terraform resource is kept in. */
export interface Part {
  /** Below the resource's id; "" is the resource itself. */
  suffix: string;
  fields: readonly Field[];
  /** Argument without which the part is left as Azure makes it. */
  only?: string;
}

/** How a Terraform resource looks in Azure Resource Manager. */
export interface Mapping {
  apiVersion: string;
  /** The first is the resource itself. */
  parts: readonly Part[];
  /** Whether what a GET answers means that it is not there. */
  isGone?: (body: Json) => boolean;
  /** After a PUT that asks for `locked`. */
  locked?: (client: ArmClient, id: string) => Promise<void>;
  /** Before the DELETE; its headers. */
  beforeDelete?: (client: ArmClient, id: string) => Promise<Record<string, string>>;
}
