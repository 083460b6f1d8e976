import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Outputs } from '../../../src/stages/provision/outputs.ts';
import { ACCESS_RULES } from '../../helpers/terraform-access-rules.ts';
import { ARCHIVE_RULES } from '../../helpers/terraform-archive-rules.ts';
import { argumentsAreDocumented, documented } from '../../helpers/terraform-arguments.ts';
import { ORDER_RULES } from '../../helpers/terraform-order-rules.ts';
import { isBody, parseTemplate, type Rule, templateFiles, type Value } from '../../helpers/terraform-template.ts';
import { WIRING_RULES } from '../../helpers/terraform-wiring.ts';
import { ACCESS_MISTAKES } from './mistakes/access.ts';
import { ARCHIVE_MISTAKES } from './mistakes/archive.ts';
import { ARGUMENT_MISTAKES } from './mistakes/arguments.ts';
import { ORDER_MISTAKES } from './mistakes/order.ts';
import { WIRING_MISTAKES } from './mistakes/wiring.ts';

const files = templateFiles(join(import.meta.dirname, '..', '..', '..', 'templates', 'terraform'));
const RULES: Readonly<Record<string, Rule>> = {
  argumentsAreDocumented,
  ...WIRING_RULES,
  ...ARCHIVE_RULES,
  ...ACCESS_RULES,
  ...ORDER_RULES,
};
const template = parseTemplate(files);
const MISTAKES = [...ARGUMENT_MISTAKES, ...WIRING_MISTAKES, ...ARCHIVE_MISTAKES, ...ACCESS_MISTAKES, ...ORDER_MISTAKES];

suite('the Terraform template', () => {
  for (const [name, rule] of Object.entries(RULES)) {
    test(`keeps the rule ${name}`, async () => assert.deepEqual(rule(await template), []));
  }

  test('has the outputs oms reads', async () => {
    const { root } = await template;
    assert.deepEqual(Object.keys(root.outputs).sort(), Object.keys(Outputs.properties).sort());
    for (const [name, schema] of Object.entries(Outputs.properties)) {
      const value = await outputValue(name);
      const fields = 'properties' in schema ? schema.properties : schema.patternProperties['^.*$'].properties;
      assert.deepEqual(fieldsOf(value), Object.keys(fields).sort(), name);
    }
  });

  test('uses nothing that is not documented, and documents nothing it does not use', async () => {
    const used = Object.values((await template).modules).flatMap(({ resources }) => resources.map(({ type }) => type));
    const azurerm = new Set(used.filter((type) => type.startsWith('azurerm_')));
    assert.deepEqual([...azurerm].sort(), Object.keys(documented.resources).sort());
  });

  test('watches every metric of the Azure Monitor Baseline Alerts list', async () => {
    const { locals } = (await template).modules['modules/monitoring']!;
    const metrics = JSON.stringify([locals.alerts, locals.premium_alerts]).match(/(?<="metric":")\w+/g);
    assert.deepEqual(metrics?.sort(), [...BASELINE_METRICS].sort());
  });

  test('a file that is not of the language is named with its line', async () => {
    await assert.rejects(parseTemplate({ 'main.tf': 'resource "x" {\n' }), /main\.tf:\d+,\d+/);
  });
});

suite('a mistake in the template is found:', () => {
  const guilty = new Set<string>();

  for (const { what, file, from, to, finding } of MISTAKES) {
    test(what, async () => {
      const text = files[file] ?? '';
      assert.ok(text.includes(from), `${file} has no ${JSON.stringify(from)}`);
      const broken = await parseTemplate({ ...files, [file]: text.replace(from, to) });
      const findings = Object.entries(RULES).map(([name, rule]) => ({ name, found: rule(broken) }));
      const finders = findings.filter(({ found }) => found.includes(finding));
      assert.ok(
        finders.length > 0,
        `found only ${JSON.stringify(
          findings.flatMap(({ found }) => found),
          null,
          1,
        )}`,
      );
      for (const { name } of finders) guilty.add(name);
    });
  }

  test('every rule has one', () => assert.deepEqual([...guilty].sort(), Object.keys(RULES).sort()));
});

/** services/EventHub/namespaces/alerts.yaml of Azure/azure-monitor-baseline-alerts at 2269d23. */
const BASELINE_METRICS = [
  'ThrottledRequests',
  'QuotaExceededErrors',
  'ServerErrors',
  'UserErrors',
  'IncomingMessages',
  'OutgoingMessages',
  'NamespaceCpuUsage',
  'NamespaceMemoryUsage',
  'IncomingBytes',
  'OutgoingBytes',
  'CaptureBacklog',
];

/** Value of a root output; one that is handed through is looked up in its module. */
async function outputValue(name: string): Promise<Value> {
  const { root, modules } = await template;
  const value = root.outputs[name]!.value!;
  const handed = /^\$\{module\.(\w+)\.(\w+)\}$/.exec(String(value));
  if (!handed) return value;
  const call = root.calls[handed[1]!]!;
  return modules[join(String(call.source))]!.outputs[handed[2]!]!.value!;
}

/** Names of an object's fields, or of those a `for` expression makes by key. */
function fieldsOf(value: Value): string[] {
  if (isBody(value)) return Object.keys(value).sort();
  return [...String(value).matchAll(/^\s+(\w+)\s*= /gm)].map((match) => match[1]!).sort();
}
