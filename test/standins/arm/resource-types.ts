import type { Cloud } from './cloud.ts';
import type { Answer, ArmRequest, Json } from './http.ts';
import type { Resource } from './state.ts';

/** What a type's functions are told of a PUT or PATCH. */
export interface Change {
  cloud: Cloud;
  request: ArmRequest;
  /** As it is stored now; undefined when it is new. */
  before: Resource | undefined;
}

/** How one type of resource behaves; what is left out is as of any resource. */
export interface ResourceType {
  /** Refuses a name or a body. */
  refuse?(resource: Resource, change: Change): Answer | undefined;
  /** Adds what Azure adds; changes the resource in place. */
  complete?(resource: Resource, change: Change): void;
  /** Made together with a new one: path below it, and its properties. */
  children?(resource: Resource): { path: string; type: string; properties: Json }[];
  /** After it has been stored. */
  stored?(resource: Resource, change: Change): void;
  /** Refuses to remove it, or removes it in its own way. */
  remove?(resource: Resource, change: Omit<Change, 'before'>): Answer | undefined;
  /** Accepted first and done later. */
  longRunning?: boolean;
  /** Status of the answer to a PUT that creates; 201 when absent. */
  createdStatus?: 200 | 201;
  /** Has a place of its own, as resources directly in a group have. */
  needsLocation?: boolean;
  /** A read of one that was never written. */
  absent?(id: string, name: string): Answer | undefined;
}
