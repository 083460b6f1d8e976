import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayDeploy, mayRollBack, type SchemaOfRelease, schemaOf } from '../../../../lib/database/compatibility.ts';
import { type Migration, type Phase, readMigrations } from '../../../../lib/database/migrations.ts';

const migration = (version: number, phase: Phase): Migration => ({
  version,
  name: `${version}.sql`,
  checksum: '',
  sql: '',
  ...phase,
});
const expand = (version: number) => migration(version, { phase: 'expand' });
const contract = (version: number, after: number) => migration(version, { phase: 'contract', after });

/** The newest migration of the release before this one. */
const BEFORE = 8;

test('this release comes up beside the one before it, and goes back to it', async () => {
  const known = await readMigrations();
  const [before, coming] = [schemaOf(known.filter(({ version }) => version <= BEFORE)), schemaOf(known)];
  assert.deepEqual(mayDeploy(before, coming), { allowed: true });
  assert.deepEqual(mayRollBack(coming, before), { allowed: true });
});

test('a release says what it knows, needs and removes', () => {
  assert.deepEqual(schemaOf([expand(1), expand(2), contract(3, 2)]), {
    knows: 3,
    needs: 2,
    contracts: [{ version: 3, after: 2 }],
  });
  assert.deepEqual(schemaOf([]), { knows: 0, needs: 0, contracts: [] });
});

test('a first deployment removes what it likes', () => {
  assert.deepEqual(mayDeploy(null, schemaOf([expand(1), contract(2, 1)])), { allowed: true });
});

test('what the running release still uses is not removed: an intermediate release is asked for', () => {
  const verdict = mayDeploy(schemaOf([expand(1)]), schemaOf([expand(1), expand(2), contract(3, 2)]));
  assert.ok(!verdict.allowed);
  assert.match(verdict.why, /migration 003 removes .* up to 001, and it takes 002/);
  assert.match(verdict.next, /knows migration 002 and not yet 003/);
});

test('an older release is not deployed over a newer one', () => {
  const verdict = mayDeploy(schemaOf([expand(1), expand(2)]), schemaOf([expand(1)]));
  assert.ok(!verdict.allowed);
  assert.match(verdict.next, /oms rollback/);
});

test('what a restored backup lacks is not rolled back onto', () => {
  const releases = schemaOf([expand(1), expand(2)]);
  assert.ok(!mayRollBack(releases, releases, 1).allowed);
  assert.ok(mayRollBack(releases, releases, 2).allowed);
});

/**
 * A schema as things that are there or gone: migration `after` gives a better thing for what its contracting partner
 * removes; code that does not know `after` uses the old thing, all code uses whatever it knows to have been added.
 */
const histories = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 12 })
  .chain((kinds) => fc.tuple(...kinds.map((contracts, index) => partOf(contracts, index + 1))))
  .map((parts) => parts as Migration[]);

function partOf(contracts: boolean, version: number): fc.Arbitrary<Migration> {
  if (!contracts || version === 1) return fc.constant(expand(version));
  return fc.integer({ min: 1, max: version - 1 }).map((after) => contract(version, after));
}

const runs = (knows: number, applied: ReadonlySet<Migration>, all: readonly Migration[]): boolean =>
  all.every((one) =>
    one.phase === 'expand' ? one.version > knows || applied.has(one) : !applied.has(one) || one.after <= knows,
  );

test('whatever is allowed in whatever order, no release meets a schema that it cannot work on', () => {
  const steps = fc.array(fc.record({ forward: fc.boolean(), to: fc.nat(12) }), { maxLength: 20 });
  fc.assert(
    fc.property(histories, steps, (all, sequence) => {
      const release = (knows: number): SchemaOfRelease => schemaOf(all.slice(0, knows));
      const applied = new Set<Migration>();
      let running: number | null = null;
      let newest = 0;
      for (const { forward, to } of sequence) {
        const knows = 1 + (to % all.length);
        if (forward) {
          // The schema is where the newest release that ever ran has left it.
          if (running !== null && knows < newest) continue;
          if (!mayDeploy(running === null ? null : release(running), release(knows)).allowed) continue;
          for (const one of all.slice(0, knows)) if (one.phase === 'expand') applied.add(one);
          if (running !== null) assert.ok(runs(running, applied, all), 'the old code while the new one comes up');
          assert.ok(runs(knows, applied, all), 'the new code before what contracts');
          for (const one of all.slice(0, knows)) applied.add(one);
          if (running !== null) assert.ok(runs(running, applied, all), 'the old code, should it come back');
          newest = Math.max(newest, knows);
          running = knows;
        } else if (running !== null && mayRollBack(release(newest), release(Math.min(knows, newest))).allowed) {
          running = Math.min(knows, newest);
        }
        if (running !== null) assert.ok(runs(running, applied, all), 'what runs in the end');
      }
    }),
  );
});

test('after a deployment the release before it can always come back', () => {
  fc.assert(
    fc.property(histories, fc.nat(12), fc.nat(12), (all, first, second) => {
      const [before, after] = [schemaOf(all.slice(0, 1 + first)), schemaOf(all.slice(0, 1 + second))];
      if (mayDeploy(before, after).allowed) assert.ok(mayRollBack(after, before).allowed);
    }),
  );
});
