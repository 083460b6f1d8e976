import { type Static, Type } from 'typebox';
import { HostState } from './release.ts';
import { HOST_GROUPS } from './site.ts';

const Text = Type.String({ minLength: 1 });
const Nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** Why a service changes; "settings" is compose.yaml and .env. */
export const REASONS = ['image', 'settings', 'secret', 'files', 'replicas'] as const;

export const ServicePlan = Type.Object({
  /** Of services.ts; "producer" and "consumer" stand for both of their colours. */
  service: Text,
  group: Type.Enum([...HOST_GROUPS]),
  /** Names of the servers. */
  hosts: Type.Array(Text),
  change: Type.Enum(['unchanged', 'new', 'changed', 'goes', 'left alone']),
  why: Type.Array(Type.Enum([...REASONS])),
  update: Type.Enum(['one-by-one', 'colour', 'in-place', 'job']),
  /** Which colour takes over from which; of coloured services. */
  colours: Nullable(Type.Object({ from: Nullable(Text), to: Text })),
  /** About how long it does not answer, in seconds; 0 without an interruption. */
  interruptionSeconds: Type.Number({ minimum: 0 }),
});
export type ServicePlan = Static<typeof ServicePlan>;

/** What a deployment would do: the result of `oms deploy --check`. */
export const DeployPlan = Type.Object({
  site: Text,
  /** Which release would run then. */
  release: Text,
  /** Which one runs now; null where none does, or nobody could say. */
  running: Nullable(Text),
  hosts: Type.Array(
    Type.Object({
      name: Text,
      groups: Type.Array(Type.Enum([...HOST_GROUPS])),
      /** Null where it could not be read: it is planned for as if it were empty. */
      release: Nullable(Text),
      unreachable: Nullable(Text),
    }),
  ),
  services: Type.Array(ServicePlan),
  /** Files of configuration that a running container takes in by itself, by their path below the site's home. */
  files: Type.Array(Type.Object({ path: Text, change: Type.Enum(['new', 'changed', 'goes']) })),
  images: Type.Array(
    Type.Object({ reference: Text, how: Type.Enum(['build', 'pull', 'load']), hosts: Type.Array(Text) }),
  ),
  migrations: Type.Object({ expand: Type.Array(Text), contract: Type.Array(Text) }),
  colours: HostState.properties.colours,
  /** Why the release must not be brought up beside the one that runs, and what to do; null as a rule. */
  refused: Nullable(Type.Object({ why: Text, next: Text })),
  /** What a deployment that was cut off has left, and what could not be read, in sentences. */
  notes: Type.Array(Text),
  /** Whether there is nothing to do. */
  unchanged: Type.Boolean(),
});
export type DeployPlan = Static<typeof DeployPlan>;
