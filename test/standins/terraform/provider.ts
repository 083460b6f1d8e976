import type { ProviderSchema } from './schema-types.ts';
import type { ObjectValue } from './values.ts';

/** A step is an attribute's name or an index of a list. */
export type Path = readonly (string | number)[];

export interface Problem {
  severity: 'error' | 'warning';
  summary: string;
  detail?: string;
  path?: Path;
}

/** A refusal with a summary and a detail of its own, shown by Terraform as it is. */
export class Refused extends Error {
  readonly detail: string;

  constructor(summary: string, detail: string) {
    super(summary);
    this.detail = detail;
  }
}

/** What a provider program does; null is a resource that is not there. */
export interface Provider {
  schema: ProviderSchema;
  configure(config: ObjectValue): Problem[];
  read(type: string, state: ObjectValue): Promise<ObjectValue | null>;
  /** Beyond what the schema says; may change `planned`. @returns paths that force a replacement. */
  customisePlan(type: string, prior: ObjectValue | null, planned: ObjectValue): Path[];
  /** `planned` still holds unknown values where the provider is to fill in. */
  apply(type: string, prior: ObjectValue | null, planned: ObjectValue, config: ObjectValue): Promise<ObjectValue>;
  destroy(type: string, prior: ObjectValue): Promise<void>;
  readData(type: string, config: ObjectValue): Promise<ObjectValue>;
}
