import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { planReport } from '../../../../../../src/stages/provision/plan/report.ts';
import { summarisePlan } from '../../../../../../src/stages/provision/plan/summary.ts';
import { Hidden } from '../../../../../../src/stages/provision/plan/veil.ts';
import { plan, planned, savedPlan, screen } from '../../../../../helpers/terraform-plan.ts';

type Tree = string | number | boolean | null | Tree[] | { [key: string]: Tree };

/** A value, the mask that mirrors it, and the texts below the masked parts. */
interface Masked {
  value: Tree;
  mask: unknown;
  secrets: string[];
}

const stringsOf = (value: Tree): string[] => {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsOf) : [];
};

const keys = fc.constantFrom('name', 'sku', 'capacity', 'tags', 'capture_description', 'ip_rule', 'value', 'x y');

/** Texts are long and random, so that one never stands in another by chance. */
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.uuid(),
    fc.uuid().map((text) => `"${text}"\n\u001b[31m`),
    fc.constantFrom<Tree>(null, true, 6, ''),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
  ),
})).tree;

const hideAll = (value: Tree): Masked => ({ value, mask: true, secrets: stringsOf(value) });

function hideSome(value: Tree, dice: () => boolean): Masked {
  if (dice()) return hideAll(value);
  if (value === null || typeof value !== 'object') return { value, mask: false, secrets: [] };
  const parts = Object.entries(value).map(([key, part]) => [key, hideSome(part, dice)] as const);
  const mask = Object.fromEntries(parts.map(([key, part]) => [key, part.mask]));
  return {
    value,
    mask: Array.isArray(value) ? Object.values(mask) : mask,
    secrets: parts.flatMap(([, part]) => part.secrets),
  };
}

const masked: fc.Arbitrary<Masked> = fc
  .tuple(fc.dictionary(keys, tree, { maxKeys: 5 }), fc.infiniteStream(fc.boolean()))
  .map(([value, dice]) => {
    const parts = Object.entries(value).map(([key, part]) => [key, hideSome(part, () => dice.next().value)] as const);
    return {
      value,
      mask: Object.fromEntries(parts.map(([key, part]) => [key, part.mask])),
      secrets: parts.flatMap(([, part]) => part.secrets),
    };
  });

/** The part of a secret that stays as it is in every way of writing it. */
const core = (secret: string): string => /[0-9a-f-]{36}/.exec(secret)![0];

const shownAt = (widths: readonly number[], summary: ReturnType<typeof summarisePlan>) =>
  [
    JSON.stringify(summary),
    inspect(summary, { depth: 20 }),
    ...widths.map((width) => planReport(summary, screen(width))),
  ].join('\n');

const ACTIONS = [['create'], ['update'], ['delete'], ['delete', 'create'], ['create', 'delete'], ['no-op'], ['forget']];
const TYPES = ['azurerm_eventhub_namespace', 'azurerm_eventhub', 'azurerm_key_vault_secret', 'other_thing'];

suite('sensitive values of a plan', () => {
  test('no sensitive text reaches the summary or the report, whatever the masks and the action', () => {
    const resource = fc
      .tuple(fc.constantFrom(...TYPES), fc.constantFrom(...ACTIONS), masked, masked)
      .map(([type, actions, before, after]) => ({
        change: planned(type, actions, {
          before: before.value,
          after: after.value,
          before_sensitive: before.mask,
          after_sensitive: after.mask,
          replace_paths: [['sku'], ['capture_description', 0, 'name']],
        }),
        secrets: [...before.secrets, ...after.secrets].filter((secret) => secret.length >= 36),
      }));
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 4 }), (resources) => {
        const changes = resources.map(({ change }) => change);
        const text = shownAt([80, 200], summarisePlan(plan(changes, changes)));
        const found = resources.flatMap(({ secrets }) => secrets).filter((secret) => text.includes(core(secret)));
        assert.deepEqual(found, []);
      }),
      { numRuns: 300 },
    );
  });

  test('a text that is hidden in one place is hidden where Terraform forgot to', () => {
    const saved = savedPlan('masks');
    // Terraform does not remember that the copy in `output` is sensitive.
    assert.match(JSON.stringify(saved), /CANARY/);
    assert.doesNotMatch(shownAt([80, 400], summarisePlan(saved)), /CANARY/);
  });

  test('what is hidden on one side is hidden on the other, and a change of it is seen', () => {
    const change = planned('azurerm_eventhub_namespace', ['update'], {
      before: { sku: 'short', same: 'kept' },
      after: { sku: 'open', same: 'kept' },
      before_sensitive: { sku: true, same: true },
      after_sensitive: { same: true },
    });
    const { changes } = summarisePlan(plan([change])).resources[0]!;
    assert.deepEqual(
      changes.map(({ path, before, after }) => [path, before, after]),
      [['sku', '(sensitive)', '(sensitive)']],
    );
  });

  test('a hidden value gives itself away in no way of writing it', () => {
    const hidden = new Hidden('canary-text');
    const written = [JSON.stringify(hidden), String(hidden), inspect(hidden, { showHidden: true, depth: 9 })];
    assert.doesNotMatch(written.join(), /canary/);
    assert.ok(hidden.equals(new Hidden('canary-text')));
    assert.ok(!hidden.equals(new Hidden('another')));
  });
});
