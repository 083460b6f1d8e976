import { type Static, Type } from 'typebox';
import { COLOURS } from './services.ts';

const Text = Type.String({ minLength: 1 });
const Hash = Type.String({ pattern: '^[0-9a-f]{12,64}$' });
const Colour = Type.Enum([...COLOURS]);

/**
 * What a release is made of, `release.json`: the same input gives the same id on every machine, so what would change is
 * known without asking a registry.
 */
export const Release = Type.Object({
  version: Type.Literal(1),
  /** Hash of everything below but the version of oms and the times: `r-` and 12 hexadecimal digits. */
  id: Type.String({ pattern: '^r-[0-9a-f]{12}$' }),
  /** Version of oms that made it. */
  oms: Text,
  madeAt: Text,
  /** Reference of each image by its name in services.ts: `oms-app:<hash of its build context>` for our own. */
  images: Type.Record(Text, Text),
  /** By service: hash of its image, its settings in compose.yaml and .env, and the secrets it reads (keyed, no plain hash). */
  services: Type.Record(Text, Hash),
  /**
   * What each of those hashes is made of, so that a change has a reason: image, settings (of compose.yaml and .env),
   * secrets, files it mounts. A release of an older oms has none.
   */
  parts: Type.Optional(Type.Record(Text, Type.Object({ image: Text, settings: Hash, secrets: Hash, files: Hash }))),
  /** Hash of each file of configuration by its path in HOST_LAYOUT. */
  files: Type.Record(Text, Hash),
  /** As lib/database/compatibility.ts makes it of the migrations, and judges by it. */
  schema: Type.Object({
    /** Highest migration the code of this release knows. */
    knows: Type.Integer({ minimum: 0 }),
    /** Lowest state of the schema it can work with: its highest migration that expands. */
    needs: Type.Integer({ minimum: 0 }),
    /** Its migrations that remove something, and since which migration no code uses that any more. */
    contracts: Type.Optional(Type.Array(Type.Object({ version: Type.Integer(), after: Type.Integer() }))),
  }),
  /** Containers of each colour on a server; a release of an older oms does not say. */
  replicas: Type.Optional(Type.Object({ producer: Type.Integer(), consumer: Type.Integer() })),
});
export type Release = Static<typeof Release>;

/** What runs on a server: `state.json`. */
export const HostState = Type.Object({
  version: Type.Literal(1),
  release: Text,
  /** The one before, for `oms rollback`. */
  previous: Type.Union([Text, Type.Null()]),
  colours: Type.Object({ producer: Colour, consumer: Colour }),
  deployedAt: Text,
  /** user@machine */
  deployedBy: Text,
});
export type HostState = Static<typeof HostState>;

/** What a deployment that was cut off has left: `deploying.json` beside the state, gone when it ended either way. */
export const Deploying = Type.Object({
  release: Text,
  from: Type.Union([Text, Type.Null()]),
  colours: HostState.properties.colours,
  /** Name of the last phase that was begun. */
  phase: Text,
});
export type Deploying = Static<typeof Deploying>;

/** One line of the audit trail, on the hosts and on the machine that deploys. */
export const AuditEntry = Type.Object({
  at: Text,
  by: Text,
  action: Type.Enum(['deploy', 'rollback', 'maintenance', 'backup', 'restore', 'unlock']),
  /** What was asked, in the words of whoever asked: --why. */
  why: Type.Union([Text, Type.Null()]),
  release: Type.Union([Text, Type.Null()]),
  from: Type.Union([Text, Type.Null()]),
  outcome: Type.Enum(['done', 'unchanged', 'failed', 'rolled-back', 'interrupted']),
  seconds: Type.Number({ minimum: 0 }),
  detail: Type.Union([Text, Type.Null()]),
});
export type AuditEntry = Static<typeof AuditEntry>;
