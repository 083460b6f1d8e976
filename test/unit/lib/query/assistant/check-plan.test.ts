import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { BadPlan, checkPlan } from '../../../../../lib/query/assistant/check-plan.ts';
import { differences, samePlan } from '../../../../../lib/query/assistant/differences.ts';
import { namedWindows } from '../../../../../lib/query/assistant/windows.ts';
import type { WirePlan } from '../../../../../lib/query/assistant/wire-plan.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';

const NOW = new Date(CLOCK.now).toISOString();
const ALL_TIME = { start: null, end: NOW };
const BARE: WirePlan = {
  metrics: ['revenue'],
  dimensions: [],
  filters: [],
  having: [],
  window: ALL_TIME,
  compare: null,
  transform: 'none',
  order: null,
  limit: null,
  per: null,
  cohort: null,
  allMembers: false,
};

const check = (part: object, question = '') =>
  checkPlan({ ...BARE, ...part } as WirePlan, {
    clock: CLOCK,
    catalogue: CATALOGUE,
    windows: namedWindows(question, CLOCK),
  });

const ends = ({ start, end }: Plan['window']) => ({ start, end });
const asSubmitted = (plan: Plan): WirePlan => ({
  ...plan,
  window: ends(plan.window),
  compare: plan.compare && ends(plan.compare),
  cohort: plan.cohort && { ...plan.cohort, window: ends(plan.cohort.window) },
});

suite('a plan that a model submits', () => {
  test('every plan of the rules passes, and means the same', () => {
    for (const [question] of QUESTIONS) {
      const { plan } = planFor(question, CATALOGUE, { clock: CLOCK });
      assert.deepEqual(differences(check(asSubmitted(plan), question), plan), [], question);
    }
  });

  test('a window gets the rule that its words have; a state is as of now; the future is cut off', () => {
    const week = { start: '2026-05-10T22:00:00Z', end: '2026-05-18T00:00:00+02:00' };
    assert.equal(check({ window: week }).window.rule, 'last_complete:week x1');
    assert.equal(check({ metrics: ['on_hand'] }).window.rule, 'as_of_now');
    assert.equal(
      check({ window: { start: '2026-04-30T22:00:00Z', end: '2026-05-31T22:00:00Z' } }).window.rule,
      'current:month',
    );
    assert.equal(
      check({ window: { start: '2026-01-03T00:00:00Z', end: '2026-01-13T00:00:00Z' } }).window.rule,
      'given',
    );
  });

  test('without an order members come as they do by rules', () => {
    assert.deepEqual(check({ dimensions: ['brand'] }).order, { by: 'revenue', dir: 'desc' });
    assert.deepEqual(check({ dimensions: ['brand', 'month'] }).order, { by: 'month', dir: 'asc' });
  });

  const filter = (field: string, op: string, value: unknown) => ({ filters: [{ field, op, value }] });
  const WRONG: [object, RegExp][] = [
    [filter('brand', '=', 'Haldn'), /no brand "Haldn"; there is Halden/],
    [filter('city', 'in', ['Oslo', 'Atlantis']), /no city "Atlantis"/],
    [filter('city', '=', ['Oslo']), /takes a list with in/],
    [filter('city', '>', 'Oslo'), /takes =, !=, in or not in/],
    [filter('channel', '=', true), /takes text/],
    [filter('order_value', '>', '500'), /takes one number/],
    [filter('low_stock', '=', 'yes'), /true or false/],
    [filter('last_order_before', '<', 'May'), /UTC time/],
    [{ window: { start: '2026-05-01', end: NOW } }, /window.start must be a UTC time/],
    [{ window: { start: NOW, end: '2026-06-01T00:00:00Z' } }, /future/],
    [{ window: { start: '2026-05-02T00:00:00Z', end: '2026-05-01T00:00:00Z' } }, /end after it starts/],
    [{ order: { by: 'units_sold', dir: 'asc' } }, /order.by must be one of revenue/],
    [{ transform: 'compare' }, /needs compare/],
    [{ compare: ALL_TIME }, /needs transform compare/],
    [{ transform: 'share_of_total' }, /a share needs a dimension/],
    [{ transform: 'running_total', dimensions: ['brand'] }, /dimension of time/],
    [{ per: 'brand', dimensions: ['brand'], limit: 3, order: { by: 'revenue', dir: 'desc' } }, /second dimension/],
    [{ metrics: ['retention_rate'] }, /kept from/],
    [{ metrics: ['fraud_score'] }, /add that dimension/],
    [{ having: [{ column: 'units_sold', op: '>', value: 3 }] }, /not a metric of the plan/],
    [{ dimensions: ['brand', 'brand'] }, /named twice/],
    [{ metrics: ['on_hand'], dimensions: ['month'] }, /cannot be computed/],
    [{ metrics: ['on_hand'], dimensions: ['channel'] }, /cannot be computed/],
  ];
  for (const [part, message] of WRONG) {
    test(`${JSON.stringify(part)} is told what is wrong with it`, () => {
      assert.throws(
        () => check(part),
        (error: Error) => error instanceof BadPlan && message.test(error.message),
      );
    });
  }
});

suite('equal plans', () => {
  const plan = check({ dimensions: ['brand'] });
  const withFilters = (...filters: Plan['filters']): Plan => ({ ...plan, filters });
  const oslo = { field: 'city', op: '=', value: 'Oslo' } as const;
  const web = { field: 'channel', op: '=', value: 'web' } as const;

  test('labels, the order of parts and a list of one make no difference', () => {
    assert.ok(samePlan(plan, { ...plan, window: { ...plan.window, rule: 'x', step: { unit: 'day', count: 9 } } }));
    assert.ok(samePlan(withFilters(oslo, web), withFilters(web, { ...oslo, op: 'in', value: ['Oslo'] })));
    assert.ok(samePlan(check({ limit: 5 }), check({})));
  });

  test('everything that changes rows does', () => {
    const changes: Partial<Plan>[] = [
      { metrics: ['units_sold'] },
      { limit: 3 },
      { order: { by: 'revenue', dir: 'asc' } },
      { filters: [oslo] },
      { allMembers: true },
      { count: true },
      { averagePer: 'day' },
      { window: { ...plan.window, end: '2026-05-01T00:00:00.000Z' } },
    ];
    for (const change of changes) {
      const parts = differences(plan, { ...plan, ...change }).map(({ part }) => part);
      assert.ok(parts.includes(Object.keys(change)[0]!), JSON.stringify(change));
    }
  });
});
