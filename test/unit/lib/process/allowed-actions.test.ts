import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type AllowedActions, allowedActions } from '../../../../lib/process/allowed-actions.ts';
import { Story } from '../../../helpers/order-story.ts';

/** The names of what is possible. */
const possible = (story: Story): string[] =>
  (Object.entries(allowedActions(story.order)) as [keyof AllowedActions, { allowed: boolean }][])
    .filter(([, { allowed }]) => allowed)
    .map(([name]) => name);

suite('what can be done with an order', () => {
  const moments: [what: string, story: () => Story, actions: string[]][] = [
    ['waits for its payment', () => new Story(), ['cancel']],
    ['waits for stock', () => new Story({ stockPolicy: 'amend' }, 0), ['cancel', 'amend']],
    ['was declined', () => new Story().declined('insufficient_funds'), ['cancel', 'payment_method']],
    [
      'waits for a second factor',
      () => {
        const story = new Story();
        return story.comes('oms.payment.action_required.v1', story.wordOn('authorize'));
      },
      ['cancel', 'payment_method', 'mfa'],
    ],
    ['is held for review', () => new Story({ risk: 'review' }), ['cancel', 'review']],
    ['is packed', () => new Story().authorized().labelled(), ['cancel']],
    ['waits for the carrier', () => new Story().authorized().labelled().captured(), ['refund']],
    ['was delivered', () => new Story().delivered(), ['return', 'refund']],
    ['is over', () => new Story({ risk: 'block' }), []],
  ];
  for (const [what, story, actions] of moments) {
    test(`that ${what}`, () => assert.deepEqual(possible(story()), actions));
  }

  test('says how much of what can go back, and why the rest is not possible', () => {
    const story = new Story({ items: [{ sku: 'A', quantity: 3 }] }).delivered();
    const lines = [{ line: 1, quantity: 1 }];
    const return_id = '00000000-0000-8000-8000-000000000001';
    story.comes('oms.return.requested.v1', { return_id, reason: 'other', lines });
    const actions = allowedActions(story.order);
    assert.deepEqual(actions.return, { allowed: true, why: null, lines: [{ line: 1, quantity: 2 }] });
    assert.equal(actions.refund.up_to_minor, story.order.total);
    assert.equal(actions.cancel.why, 'an order that is delivered cannot be cancelled');
  });
});
