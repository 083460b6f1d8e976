import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkValues } from '../../../standins/terraform/checks.ts';
import { complete, plan, replacements, settle } from '../../../standins/terraform/planning.ts';
import type { BlockSchema } from '../../../standins/terraform/schema-types.ts';
import { isUnknown, UNKNOWN } from '../../../standins/terraform/values.ts';

const BLOCK: BlockSchema = {
  attributes: {
    id: { type: 'string', computed: true },
    name: { type: 'string', required: true, forceNew: true },
    status: { type: 'string', optional: true, values: ['Active', 'Disabled'], default: 'Active' },
    secret: { type: 'string', optional: true, sensitive: true, writeOnly: true },
  },
  blocks: {
    retention: {
      nesting: 'list',
      max: 1,
      block: { attributes: { policy: { type: 'string', required: true, forceNew: true } }, blocks: {} },
    },
  },
};

const proposed = { id: null, name: 'orders', status: null, secret: 's3cret', retention: [{ policy: 'Delete' }] };
const prior = { id: '/orders', name: 'orders', status: 'Active', secret: null, retention: [{ policy: 'Delete' }] };

suite('a plan of the schema stand-in', () => {
  test('of something new has defaults, leaves what Azure gives open and keeps no secret', () => {
    const planned = plan(BLOCK, proposed, null);
    assert.ok(isUnknown(planned.id));
    assert.equal(planned.status, 'Active');
    assert.equal(planned.secret, null);
    assert.deepEqual(planned.retention, [{ policy: 'Delete' }]);
  });

  test('of something that is there leaves nothing open', () => {
    assert.deepEqual(plan(BLOCK, { ...prior, secret: 's3cret' }, prior), prior);
  });

  test('replaces where an argument says so, in blocks too, and for a value not known yet', () => {
    assert.deepEqual(replacements(BLOCK, prior, prior), []);
    assert.deepEqual(replacements(BLOCK, prior, { ...prior, status: 'Disabled' }), []);
    assert.deepEqual(replacements(BLOCK, prior, { ...prior, name: UNKNOWN }), [['name']]);
    const other = { ...prior, retention: [{ policy: 'Compact' }] };
    assert.deepEqual(replacements(BLOCK, prior, other), [['retention', 0, 'policy']]);
  });

  test('is settled by filling in what was open', () => {
    const settled = settle(BLOCK, plan(BLOCK, proposed, null), (name) => `the ${name}`);
    assert.equal(settled.id, 'the id');
    assert.equal(settled.name, 'orders');
  });

  test('refuses a value outside of the list, with its path', () => {
    assert.deepEqual(checkValues(BLOCK, { ...proposed, status: UNKNOWN }), []);
    const [problem] = checkValues(BLOCK, { ...proposed, status: 'Asleep' });
    assert.equal(problem?.summary, 'expected status to be one of ["Active","Disabled"], got Asleep');
    assert.deepEqual(problem?.path, ['status']);
  });

  test('a state read from elsewhere gets every place the schema has', () => {
    const whole = { id: null, name: 'orders', status: null, secret: null, retention: [] };
    assert.deepEqual(complete(BLOCK, { name: 'orders' }), whole);
    assert.deepEqual(complete(BLOCK, { name: 'orders', retention: [{}] }).retention, [{ policy: null }]);
  });
});
