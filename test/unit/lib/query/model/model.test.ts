import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DIMENSION, TIME_LABEL } from '../../../../../lib/query/model/dimensions.ts';
import { MEASURES } from '../../../../../lib/query/model/measures.ts';
import { METRIC, measuresOf } from '../../../../../lib/query/model/metrics.ts';
import { DIMENSIONS, METRICS } from '../../../../../lib/query/model/names.ts';
import { METRIC_RULES, WEAK_ATOMS } from '../../../../../lib/query/model/rules.ts';
import { ATOMS, DIMENSION_WORDS } from '../../../../../lib/query/model/words.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';

/** Reached by how things stand or by a default, not by a phrase of their own. */
const WITHOUT_RULE = new Set(['last_order_at', 'placed_at', 'orders_in_status']);

suite('the semantic model holds together', () => {
  test('every metric stands on measures that exist', () => {
    for (const name of METRICS) for (const measure of measuresOf(METRIC[name])) assert.ok(measure in MEASURES, name);
  });

  test('every metric can be said', () => {
    const said = new Set(METRIC_RULES.flatMap((rule) => rule.metrics));
    assert.deepEqual(
      METRICS.filter((name) => !said.has(name) && !WITHOUT_RULE.has(name)),
      [],
    );
  });

  test('rules use atoms that words stand for', () => {
    const used = METRIC_RULES.flatMap((rule) => [...rule.all, ...rule.also]).concat(WEAK_ATOMS);
    assert.deepEqual(
      used.filter((atom) => !(atom in ATOMS)),
      [],
    );
  });

  test('every dimension has words and can be read somewhere', () => {
    for (const name of DIMENSIONS) {
      assert.ok(DIMENSION_WORDS[name], name);
      assert.ok(name in TIME_LABEL || Object.keys(DIMENSION[name as keyof typeof DIMENSION].on).length > 0, name);
    }
  });

  test('every metric but a few is the answer to a question of the fixtures', () => {
    const answered = QUESTIONS.flatMap(([, plan]) => plan.split(/ by | \| /)[0]!.split(','));
    const missing = METRICS.filter((name) => !answered.includes(name));
    assert.deepEqual(missing, ['all_orders_count']);
  });
});
