import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  block,
  blocks,
  derived,
  opposite,
  readFields,
  same,
  worded,
  writeFields,
} from '../../../standins/terraform/azurerm/arm/fields.ts';

const FIELDS = [
  same('sku', 'sku.name'),
  derived('sku.tier', ({ sku }) => sku),
  opposite('local_authentication_enabled', 'properties.disableLocalAuth'),
  worded('public', 'properties.publicNetworkAccess', 'Enabled', 'Disabled'),
  same('units', 'properties.units'),
  block('retention', 'properties.retention', [same('hours', 'hours')]),
  blocks('rule', 'properties.rules', [same('range', 'ipMask')]),
];

const STATE = {
  id: '/namespace',
  sku: 'Standard',
  local_authentication_enabled: false,
  public: true,
  units: null,
  retention: [{ hours: 168 }],
  rule: [{ range: '203.0.113.0/24' }],
};

const BODY = {
  sku: { name: 'Standard', tier: 'Standard' },
  properties: {
    disableLocalAuth: true,
    publicNetworkAccess: 'Enabled',
    retention: { hours: 168 },
    rules: [{ ipMask: '203.0.113.0/24' }],
  },
};

suite('the two sides of a resource', () => {
  test('are written as Azure has them, and read back as Terraform has them', () => {
    assert.deepEqual(writeFields(FIELDS, STATE), BODY);
    assert.deepEqual(readFields(FIELDS, BODY, STATE), STATE);
  });

  test('nothing given and nothing there are the same, however Azure writes nothing', () => {
    const body = { ...BODY, properties: { ...BODY.properties, units: 0 } };
    assert.equal(readFields(FIELDS, body, STATE).units, null);
    assert.equal(readFields(FIELDS, { ...BODY, properties: { ...BODY.properties, units: 4 } }, STATE).units, 4);
  });

  test('what was changed in Azure is in the state then', () => {
    const { retention: _gone, ...properties } = BODY.properties;
    const body = { ...BODY, properties: { ...properties, disableLocalAuth: false, rules: [] } };
    const now = readFields(FIELDS, body, STATE);
    assert.equal(now.local_authentication_enabled, true);
    assert.deepEqual(now.retention, []);
    assert.deepEqual(now.rule, []);
  });
});
