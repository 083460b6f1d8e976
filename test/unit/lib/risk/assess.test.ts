import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { assessRisk } from '../../../../lib/risk/assess.ts';
import { BUILT_IN_MODEL } from '../../../../lib/risk/built-in-model.ts';
import { RULES } from '../../../../lib/risk/rules.ts';
import { NO_VELOCITY, orderWith, REGULAR, SUSPECT } from '../../../helpers/risk.ts';

const count = fc.integer({ min: 0, max: 24 });
const velocities = fc.record({ customer: count, ip: count, device: count, address: count });

suite('assessRisk', () => {
  test('lets a regular go on, without a reason', () => {
    const { decision, score, model } = assessRisk(orderWith(REGULAR), NO_VELOCITY);
    assert.equal(decision, 'allow');
    assert.ok(score < 0.01);
    assert.equal(model, BUILT_IN_MODEL.version);
  });

  test('holds back what is odd in every respect, and says why', () => {
    const velocity = { customer: 0, ip: 6, device: 6, address: 0 };
    const { decision, reasons } = assessRisk(orderWith(SUSPECT), velocity);
    assert.notEqual(decision, 'allow');
    assert.ok(reasons.includes('disposable_mail'), reasons.join());
  });

  test('an order without signals is not held back, however often its customer has ordered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (customer) => {
        assert.equal(assessRisk(orderWith(undefined), { ...NO_VELOCITY, customer }).decision, 'allow');
      }),
    );
  });

  test('the decision follows from score and thresholds while no rule applies', () => {
    const { review, block } = BUILT_IN_MODEL.thresholds;
    fc.assert(
      fc.property(fc.constantFrom(REGULAR, SUSPECT, undefined), velocities, (signals, velocity) => {
        const { decision, score } = assessRisk(orderWith(signals), velocity);
        assert.ok(score >= 0 && score <= 1);
        assert.equal(decision, score >= block ? 'block' : score >= review ? 'review' : 'allow');
      }),
    );
  });

  test('a rule overrules a low score and is the first reason', () => {
    const verdict = assessRisk(orderWith(REGULAR), { ...NO_VELOCITY, device: 25, customer: 25, ip: 25 });
    assert.deepEqual([verdict.decision, verdict.reasons[0]], ['block', 'robot']);
    const drop = assessRisk(orderWith(REGULAR), { ...NO_VELOCITY, address: 25 });
    assert.deepEqual([drop.decision !== 'allow', drop.reasons[0]], [true, 'drop_address']);
  });

  test('rules that block come before those that ask a person', () => {
    const strictness = RULES.map(({ decision }) => (decision === 'block' ? 0 : 1));
    assert.deepEqual(strictness, [...strictness].sort());
  });

  test('another model may be handed in', () => {
    const wary = { ...BUILT_IN_MODEL, version: 'wary', thresholds: { review: 0, block: 1 } };
    const { decision, model } = assessRisk(orderWith(REGULAR), NO_VELOCITY, wary);
    assert.deepEqual([decision, model], ['review', 'wary']);
  });
});
