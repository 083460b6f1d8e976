import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { planReport } from '../../../../../../src/stages/provision/plan/report.ts';
import { summarisePlan } from '../../../../../../src/stages/provision/plan/summary.ts';
import { hubValues, namespaceValues, plan, planned, savedPlan, screen } from '../../../../../helpers/terraform-plan.ts';

const report = (saved: ReturnType<typeof plan>, width = 80) => planReport(summarisePlan(saved), screen(width));

suite('the report of a plan', () => {
  for (const name of ['create', 'change', 'masks'] as const) {
    for (const width of [60, 80, 120]) {
      test(`${name}: no line is wider than ${width} columns`, () => {
        const lines = report(savedPlan(name), width).split('\n');
        assert.deepEqual(
          lines.filter((line) => stringWidth(line) > width),
          [],
        );
      });
    }
  }

  test('a whole new environment of 58 resources fits a screen of 50 lines, counts first', () => {
    const lines = report(savedPlan('create')).split('\n');
    assert.equal(lines[0], 'Plan: 58 to create');
    assert.ok(lines.length <= 50, `${lines.length} lines`);
    assert.match(lines.join('\n'), /namespace +Event hub +3 +order-events, orders, orders-dlq/);
    assert.match(lines.join('\n'), /Event Hubs namespace +evhns-oms-demo-x7k2 +Standard, 6 units, inflates to 12/);
  });

  test('deletes come first, then replacements, with the reason, the loss and what forces it', () => {
    const text = report(
      plan([
        planned('azurerm_monitor_metric_alert', ['create'], { after: { name: 'throttled' } }, { name: 'throttled' }),
        planned(
          'azurerm_eventhub_namespace',
          ['delete', 'create'],
          { before: namespaceValues(), after: namespaceValues({ sku: 'Premium' }), replace_paths: [['sku']] },
          { action_reason: 'replace_because_cannot_update' },
        ),
        planned(
          'azurerm_eventhub',
          ['delete'],
          { before: hubValues('old') },
          { action_reason: 'delete_because_each_key' },
        ),
      ]),
    );
    assert.equal(
      text,
      `Plan: 1 to delete, 1 to replace, 1 to create

Delete
  - Event hub  old  azurerm_eventhub.this
      because the template has none of this name any more
      lost: every event it still keeps, and where its readers were

Replace: destroyed, then made anew
  ± Event Hubs namespace  evhns-oms-demo  azurerm_eventhub_namespace.this
      lost: every hub in it with all its events, and the name that clients
            connect to
      sku  Standard -> Premium  (forces it, cost)

Create
  module  what             names
  ──────  ────────────     ─────────
  -       Metric alert  1  throttled

What of it drives the bill
  what                  name            by
  ────────────────────  ──────────────  ────────────────────────────────
  Event Hubs namespace  evhns-oms-demo  Premium, 6 units, inflates to 12`,
    );
  });

  test('resources to which the same happens are told together, every name of them', () => {
    const text = report(savedPlan('change'));
    assert.match(
      text,
      /~ Secret {2}admin-token, mysql-app-password, mysql-report-password,\n +mysql-root-password, webhook-secret\n +value_wo_version {2}1 -> 2\n/,
    );
    assert.equal(text.match(/value_wo_version/g)?.length, 1);
  });

  test('ids that differ at their ends are cut at their beginnings', () => {
    assert.match(report(savedPlan('change')), /principal_id {2}…[-0]+aa -> …[-0]+bb {2}\(forces it\)/);
  });

  test('many differences of one resource are cut', () => {
    const values = (value: number) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, value]));
    const text = report(plan([planned('azurerm_subnet', ['update'], { before: values(1), after: values(2) })]));
    assert.match(text, /p11 +1 -> 2\n +… and 8 more properties; --json has them all$/);
  });

  test('danger is red', () => {
    const { width } = screen(80);
    const style = (colour: unknown, text: string) => `<${[colour].flat().join(' ')}>${text}</>`;
    const removed = planned('azurerm_eventhub', ['delete'], { before: hubValues('old') });
    const text = planReport(summarisePlan(plan([removed])), { width, style });
    assert.match(text, /^<bold red>Plan:<\/> 1 to delete\n\n<bold red>Delete<\/>\n<red> {2}- Event hub {2}old<\/>/);
    assert.match(text, /<red>lost: every event/);
  });

  test('what was changed outside is a section of its own; nothing to do is one line', () => {
    const changed = planned('azurerm_eventhub_namespace', ['update'], {
      before: namespaceValues(),
      after: namespaceValues({ capacity: 8 }),
    });
    const kept = planned('azurerm_key_vault', ['no-op']);
    assert.equal(report(plan([kept])), 'Nothing to change in Azure. 1 unchanged.');
    assert.equal(
      report({ ...plan([]), applyable: true }),
      'Nothing to change in Azure. Outputs and state are brought up to date.',
    );
    assert.equal(
      report(plan([kept], [changed])),
      `Nothing to change in Azure. 1 unchanged.

Changed outside of oms since the last run (recorded -> found)
  ~ Event Hubs namespace  evhns-oms-demo  azurerm_eventhub_namespace.this
      capacity  6 -> 8  (cost)`,
    );
  });
});
