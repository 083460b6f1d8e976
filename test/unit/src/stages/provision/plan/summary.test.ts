import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { summarisePlan } from '../../../../../../src/stages/provision/plan/summary.ts';
import { hubValues, namespaceValues, plan, planned, savedPlan } from '../../../../../helpers/terraform-plan.ts';

const only = (...resources: Parameters<typeof plan>[0]) => summarisePlan(plan(resources)).resources[0]!;
const changesOf = (...parts: Parameters<typeof planned>) =>
  only(planned(...parts)).changes.map(({ path, before, after }) => `${path}: ${before} -> ${after}`);

suite('the summary of a plan', () => {
  test('a first plan that Terraform made: everything is created, with plain names and what drives the bill', () => {
    const { counts, resources, changes, drift } = summarisePlan(savedPlan('create'));
    assert.deepEqual(counts, { delete: 0, replace: 0, update: 0, create: 58, forget: 0, read: 0, 'no-op': 0 });
    assert.equal(changes, true);
    assert.deepEqual(drift, []);
    assert.deepEqual(
      resources.filter(({ loss, changes: differing }) => loss || differing.length > 0),
      [],
    );
    const namespace = resources.find(({ type }) => type === 'azurerm_eventhub_namespace')!;
    assert.equal(namespace.name, 'evhns-oms-demo-x7k2');
    assert.deepEqual(namespace.costs, ['Standard', '6 units', 'inflates to 12']);
    const hub = resources.find(({ name }) => name === 'orders')!;
    assert.deepEqual([hub.kind, hub.module], ['Event hub', 'module.namespace']);
    assert.deepEqual(hub.costs, ['Capture every 300 s', 'kept 168 h']);
  });

  test('a later plan that Terraform made: what is dangerous first, then what matters most', () => {
    const { counts, resources } = summarisePlan(savedPlan('change'));
    assert.deepEqual(counts, { delete: 1, replace: 8, update: 14, create: 0, forget: 0, read: 0, 'no-op': 2 });
    const [gone, ...rest] = resources;
    assert.deepEqual([gone!.action, gone!.kind, gone!.name], ['delete', 'Consumer group', 'orders-dlq/oms-check']);
    assert.equal(gone!.reason, 'the template has none of this name any more');
    assert.equal(gone!.loss, null);
    const log = rest.find(({ type }) => type === 'azurerm_log_analytics_workspace')!;
    assert.deepEqual([log.action, log.name, log.loss], ['replace', 'log-oms-demo', 'every log in it']);
    assert.equal(log.reason, 'name cannot be changed in place');
    assert.deepEqual(
      resources
        .filter(({ action }) => action === 'update')
        .map(({ kind }) => kind)
        .slice(0, 2),
      ['Event Hubs namespace', 'Event hub'],
    );
  });

  test('what forces a replacement comes first, then what drives the bill; what Azure fills in anew is left out', () => {
    const { changes, costs } = only(
      planned(
        'azurerm_eventhub_namespace',
        ['create', 'delete'],
        {
          before: namespaceValues({ id: 'old' }),
          after: namespaceValues({ sku: 'Premium', capacity: 1, maximum_throughput_units: null, tags: {} }),
          after_unknown: { id: true, default_primary_key: true },
          after_sensitive: { default_primary_key: true },
          replace_paths: [['sku']],
        },
        { action_reason: 'replace_because_cannot_update' },
      ),
    );
    assert.deepEqual(changes, [
      { path: 'sku', before: 'Standard', after: 'Premium', forcesReplacement: true, drivesCost: true },
      { path: 'capacity', before: '6', after: '1', forcesReplacement: false, drivesCost: true },
      { path: 'maximum_throughput_units', before: '12', after: '(none)', forcesReplacement: false, drivesCost: true },
      { path: 'tags.environment', before: 'demo', after: '(none)', forcesReplacement: false, drivesCost: false },
    ]);
    assert.deepEqual(costs, ['Premium', '1 unit']);
  });

  test('an unknown value that forces the replacement is shown', () => {
    const { changes } = only(
      planned('azurerm_eventhub', ['delete', 'create'], {
        before: hubValues('orders', { namespace_id: '/namespaces/old' }),
        after: hubValues('orders'),
        after_unknown: { namespace_id: true, id: true },
        replace_paths: [['namespace_id']],
      }),
    );
    assert.deepEqual(
      changes.map(({ path, before, after }) => [path, before, after]),
      [['namespace_id', '/namespaces/old', '(known after apply)']],
    );
  });

  test('a block that is there once has no index; blocks of a set are matched by what they hold', () => {
    assert.deepEqual(
      changesOf('azurerm_eventhub', ['update'], {
        before: hubValues('orders'),
        after: hubValues('orders', {
          retention_description: [{ cleanup_policy: 'Delete', retention_time_in_hours: 200 }],
        }),
      }),
      ['retention_description.retention_time_in_hours: 168 -> 200'],
    );
    const rules = (...masks: string[]) => ({ ip_rule: masks.map((ip_mask) => ({ ip_mask, action: 'Allow' })) });
    assert.deepEqual(changesOf('x_rules', ['update'], { before: rules('b', 'c'), after: rules('a', 'b', 'c') }), [
      'ip_rule[0]: (none) -> {ip_mask: a, action: Allow}',
    ]);
    assert.deepEqual(changesOf('x_rules', ['update'], { before: rules('a', 'b'), after: rules('a', 'd') }), [
      'ip_rule[1].ip_mask: b -> d',
    ]);
  });

  test('nothing, an empty text and an empty list are the same', () => {
    assert.deepEqual(changesOf('x_y', ['update'], { before: { a: null, b: '', c: [] }, after: { a: '', b: {} } }), []);
  });

  test('control characters and marks of direction are written out', () => {
    assert.deepEqual(changesOf('x_y', ['update'], { before: { a: 'plain' }, after: { a: 'red\u001b[31m\u202eabc' } }), [
      'a: plain -> red\\u{1b}[31m\\u{202e}abc',
    ]);
  });

  test('a type that the table does not know is called by its own words, and its deletion is a loss', () => {
    const { kind, loss, name } = only(
      planned('azurerm_new_thing', ['delete'], { before: {} }, { name: 'x', index: 3 }),
    );
    assert.deepEqual([kind, loss, name], ['New thing', 'whatever it holds', 'x[3]']);
  });

  for (const [what, changed, loss] of [
    [
      'a shorter retention',
      { retention_description: [{ retention_time_in_hours: 24 }] },
      /older than the new retention/,
    ],
    ['Capture switched off', { capture_description: [] }, /missing in the archive/],
    ['a longer retention', { retention_description: [{ retention_time_in_hours: 240 }] }, null],
  ] as const) {
    test(`a change in place of a hub, ${what}: ${loss ? 'loses something' : 'loses nothing'}`, () => {
      const change = { before: hubValues('orders'), after: hubValues('orders', changed) };
      const found = only(planned('azurerm_eventhub', ['update'], change)).loss;
      if (loss) assert.match(found ?? '', loss);
      else assert.equal(found, null);
    });
  }

  test('replaced without being destroyed, forgotten or read: nothing is lost', () => {
    const { counts, resources, changes } = summarisePlan(
      plan([
        planned('azurerm_eventhub', ['create', 'forget'], { before: hubValues('a'), after: hubValues('a') }),
        planned('azurerm_eventhub', ['forget'], { before: hubValues('b') }),
        planned('azurerm_client_config', ['read'], {}, { mode: 'data' }),
      ]),
    );
    assert.deepEqual([counts.replace, counts.forget, counts.read], [1, 1, 1]);
    assert.deepEqual(
      resources.map(({ loss }) => loss),
      [null, null, null],
    );
    assert.equal(changes, true);
  });

  test('what an interrupted replacement left behind says so', () => {
    const left = planned('azurerm_key_vault', ['delete'], { before: { name: 'kv' } }, { deposed: '4f2c' });
    assert.equal(only(left).reason, 'an interrupted replacement left it behind');
  });

  test('drift goes from what was recorded to what was found, and loses nothing by itself', () => {
    const { drift, resources, changes } = summarisePlan(
      plan(
        [],
        [
          planned('azurerm_eventhub', ['update'], {
            before: hubValues('a'),
            after: hubValues('a', { partition_count: 9 }),
          }),
          planned('azurerm_eventhub', ['delete'], { before: hubValues('b') }),
          planned('azurerm_eventhub', ['update'], { before: hubValues('c'), after: hubValues('c', { tags: {} }) }),
        ],
      ),
    );
    assert.deepEqual(
      drift.map(({ name, reason, loss, changes: differing }) => [name, reason, loss, differing[0]?.after]),
      [
        ['a', null, null, '9'],
        ['b', 'it is not there any more', null, undefined],
      ],
    );
    assert.deepEqual(resources, []);
    assert.equal(changes, false);
  });
});
