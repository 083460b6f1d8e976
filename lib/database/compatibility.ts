import type { Migration } from './migrations.ts';

/** What a release and the schema have to do with each other; part of its release.json. */
export interface SchemaOfRelease {
  /** Highest migration the code knows; 0 for none. */
  knows: number;
  /** Highest migration that expands: everything up to it has to be there before the code runs. */
  needs: number;
  /** Migrations it knows that remove something, and since which migration no code uses that any more. */
  contracts?: readonly { version: number; after: number }[] | undefined;
}

export type Verdict = { allowed: true } | { allowed: false; why: string; next: string };

const ALLOWED: Verdict = { allowed: true };

const number = (version: number) => String(version).padStart(3, '0');

/** What release.json says of the schema. */
export function schemaOf(migrations: readonly Migration[]): Required<SchemaOfRelease> {
  const highest = (some: readonly Migration[]) => Math.max(0, ...some.map(({ version }) => version));
  return {
    knows: highest(migrations),
    needs: highest(migrations.filter(({ phase }) => phase === 'expand')),
    contracts: migrations.flatMap((one) =>
      one.phase === 'contract' ? [{ version: one.version, after: one.after }] : [],
    ),
  };
}

/** The first migration of `contracts` that takes away what code that knows no more than `knows` still uses. */
const harmful = (contracts: SchemaOfRelease['contracts'] = [], knows: number) =>
  contracts.find(({ after }) => after > knows);

/**
 * Whether a release may be brought up beside the one that runs, so that either can go on alone: what it removes from
 * the schema, the running one must not use.
 * @param running null on a first deployment
 */
export function mayDeploy(running: SchemaOfRelease | null, coming: SchemaOfRelease): Verdict {
  if (!running) return ALLOWED;
  if (coming.knows < running.knows) {
    return {
      allowed: false,
      why: `it knows migrations up to ${number(coming.knows)}, and the release that runs is at ${number(running.knows)}`,
      next: 'deploy with a version of oms that is as new, or go back with oms rollback',
    };
  }
  const contract = harmful(
    coming.contracts?.filter(({ version }) => version > running.knows),
    running.knows,
  );
  if (!contract) return ALLOWED;
  return {
    allowed: false,
    why:
      `its migration ${number(contract.version)} removes what the release that runs still uses ` +
      `(that one knows migrations up to ${number(running.knows)}, and it takes ${number(contract.after)})`,
    next: `first deploy a release that knows migration ${number(contract.after)} and not yet ${number(contract.version)}`,
  };
}

/**
 * Whether an earlier release can work on the schema as the running one has left it.
 * @param left version of the newest migration in the database, where it is known (a restored backup is older)
 */
export function mayRollBack(running: SchemaOfRelease, earlier: SchemaOfRelease, left = running.knows): Verdict {
  if (earlier.needs > left) {
    return {
      allowed: false,
      why: `it needs migration ${number(earlier.needs)}, and the database is at ${number(left)}`,
      next: 'deploy the release anew with oms deploy, which brings the schema to it',
    };
  }
  const contract = harmful(
    running.contracts?.filter(({ version }) => version <= left),
    earlier.knows,
  );
  if (!contract) return ALLOWED;
  return {
    allowed: false,
    why: `migration ${number(contract.version)} has removed what it uses (it knows migrations up to ${number(earlier.knows)})`,
    next: 'go forward with a repaired release, or restore a backup from before that migration',
  };
}
