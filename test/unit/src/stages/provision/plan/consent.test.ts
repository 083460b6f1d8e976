import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Context } from '../../../../../../src/context.ts';
import { type ConsentOptions, requireConsent } from '../../../../../../src/stages/provision/plan/consent.ts';
import { summarisePlan } from '../../../../../../src/stages/provision/plan/summary.ts';
import { answering } from '../../../../../helpers/answering.ts';
import { hubValues, plan, planned, savedPlan } from '../../../../../helpers/terraform-plan.ts';

const CREATING = summarisePlan(savedPlan('create'));
const LOSING = summarisePlan(plan([planned('azurerm_eventhub', ['delete'], { before: hubValues('orders') })]));
const HARMLESS = summarisePlan(
  plan([planned('azurerm_role_assignment', ['delete'], { before: { role_definition_name: 'Reader' } })]),
);
const NOTHING = summarisePlan(plan([planned('azurerm_key_vault', ['no-op'])]));
const environment = { name: 'demo' };

/** Asks; `keys` is what the person types, none where nobody is there. */
async function ask(summary: typeof CREATING, options: Partial<ConsentOptions>, keys?: string): Promise<string> {
  const notes: string[] = [];
  const terminal = { interactive: keys !== undefined, note: (text: string) => notes.push(text) };
  const context = { terminal, signal: new AbortController().signal } as unknown as Context;
  const person = answering(keys ?? '');
  await requireConsent(summary, environment, { yes: false, ...options }, context, person);
  return notes.join('\n') + person.shown();
}

const refused = (next: string) => ({ code: 'refused', next: [next] });

suite('consent to a plan', () => {
  test('nothing to do needs none', async () => {
    assert.equal(await ask(NOTHING, {}), '');
  });

  test('nothing lost: a yes on the terminal, or --yes', async () => {
    assert.match(await ask(CREATING, {}, 'y\r'), /Apply to demo: 58 to create\?/);
    assert.equal(await ask(CREATING, { yes: true }), '');
    assert.equal(await ask(HARMLESS, { yes: true }), '');
    assert.equal(await ask(CREATING, { confirm: 'demo' }), '');
  });

  test('nothing lost: no, or nobody to ask, is refused with the call to make', async () => {
    await assert.rejects(ask(CREATING, {}, '\r'), refused('the same command with --yes'));
    await assert.rejects(ask(CREATING, {}), refused('the same command with --yes'));
  });

  test('data lost: what is lost is said, and the name has to be typed, whether --yes is given or not', async () => {
    const shown = await ask(LOSING, { yes: true }, 'demo\r');
    assert.match(shown, /This is lost for ever:\n {2}Event hub orders: every event it still keeps/);
    assert.match(shown, /Type demo to go on:/);
    await assert.rejects(ask(LOSING, { yes: true }, 'y\r'), refused('the same command with --confirm demo'));
  });

  test('data lost and nobody to ask: --yes is not enough, --confirm with the name is', async () => {
    const next = refused('oms destroy --env demo --confirm demo');
    await assert.rejects(ask(LOSING, { yes: true, command: 'oms destroy' }), next);
    assert.equal(await ask(LOSING, { confirm: 'demo' }), '');
  });

  test('where the name is always wanted, a yes is not enough, and the call to make is given back whole', async () => {
    const always = { typed: true, command: 'oms destroy --keep-archive' };
    const next = refused('oms destroy --keep-archive --env demo --confirm demo');
    await assert.rejects(ask(HARMLESS, { ...always, yes: true }), next);
    await assert.rejects(ask(HARMLESS, always, 'y\r'), next);
    assert.match(await ask(HARMLESS, always, 'demo\r'), /Type demo to go on:/);
    assert.equal(await ask(NOTHING, always), '');
  });

  test("--confirm with another environment's name is refused, even where --yes would do", async () => {
    const next = refused('the same command with --confirm demo');
    await assert.rejects(ask(LOSING, { confirm: 'prod' }, 'demo\r'), next);
    await assert.rejects(ask(CREATING, { yes: true, confirm: 'prod' }), next);
  });

  test('Ctrl-C at the question is an interruption', async () => {
    await assert.rejects(ask(LOSING, {}, '\u0003'), { code: 'interrupted', exitCode: 130 });
  });
});
