import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { checkPlan } from '../../../../lib/query/assistant/check-plan.ts';
import { differences } from '../../../../lib/query/assistant/differences.ts';
import { namedWindows } from '../../../../lib/query/assistant/windows.ts';
import type { Catalogue } from '../../../../lib/query/catalogue.ts';
import { Reader } from '../../../../lib/query/execute.ts';
import { startAssistant } from '../../../helpers/model.ts';
import { askItem, startModelShop } from '../../../helpers/model-shop.ts';
import { randomFrom } from '../../../helpers/random.ts';
import type { Form, ModelRequest } from '../../../standins/model/exchange.ts';
import { goldPlan } from '../../../standins/model/gold.ts';
import { withFault } from '../../../standins/model/noise.ts';
import { ANSWERED_ITEMS, GOLD_CLOCK, GOLD_ITEMS, type GoldItem, oracle } from '../../../standins/model/oracle.ts';

let reader: Reader;
let catalogue: Catalogue;

before(async () => {
  const database = await startModelShop();
  reader = await Reader.open(database.askUrl);
  catalogue = await reader.catalogue();
});
after(() => reader?.close());

/** "web vs mobile" names every member there is: the gold plan has no filter on them, the rules have, the rows are the same. */
const SAME_ROWS = new Set(['d007']);

const meaningOf = (item: GoldItem) =>
  checkPlan(goldPlan(item, GOLD_CLOCK), {
    clock: GOLD_CLOCK,
    catalogue,
    windows: namedWindows(item.question, GOLD_CLOCK),
  });

suite('a model that knows every answer', () => {
  const FORMS: Form[][] = [['schema', 'tools'], ['tools'], []];
  for (const forms of FORMS) {
    test(`52 of 52 by ${forms[0] ?? 'fenced text'}, one turn each`, async (t) => {
      const { assistant, standin } = await startAssistant(t, { answer: oracle, forms });
      for (const item of ANSWERED_ITEMS) {
        const outcome = await askItem(item, reader, { assistant });
        assert.ok(outcome.status === 'answer', `${item.id} ${item.question}: ${JSON.stringify(outcome)}`);
        if (SAME_ROWS.has(item.id)) assert.match(outcome.notes.join(), /the rows are the same/);
        else {
          assert.deepEqual([item.id, outcome.by, ...differences(meaningOf(item), outcome.plan!)], [item.id, 'model']);
        }
      }
      const answered = standin.requests.filter((request) => request.form === (forms[0] ?? 'text'));
      assert.equal(answered.length, ANSWERED_ITEMS.length + SAME_ROWS.size);
      // What a server does not know it is asked once.
      assert.equal(standin.requests.length - answered.length, 2 - forms.length);
    });
  }

  test('8 of 8 declined as they are without it, and never shown to it', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: oracle });
    for (const item of GOLD_ITEMS.filter((one) => one.class !== 'answer')) {
      const outcome = await askItem(item, reader, { assistant });
      assert.equal(outcome.status, item.class, item.question);
    }
    assert.deepEqual(standin.requests, []);
  });
});

suite('a model that is wrong in three replies of ten', () => {
  const SEEDS = [1, 2];
  const FAULTY = 0.3;

  test('at least 95 % are read by it within three turns, and no row is wrong', async (t) => {
    const counts = { questions: 0, faults: 0, byModel: 0, byRules: 0, askedBack: 0 };
    for (const seed of SEEDS) {
      const random = randomFrom(seed);
      const answer = (request: ModelRequest) => {
        const item = ANSWERED_ITEMS.find(({ question }) => question === request.question)!;
        if (random() >= FAULTY) return oracle(request);
        counts.faults++;
        return withFault(goldPlan(item, GOLD_CLOCK), Math.floor(random() * 1_000));
      };
      const { assistant, standin } = await startAssistant(t, { answer });
      for (const item of ANSWERED_ITEMS.filter(({ id }) => !SAME_ROWS.has(id))) {
        counts.questions++;
        const before = standin.requests.length;
        const outcome = await askItem(item, reader, { assistant });
        assert.ok(standin.requests.length - before <= 3, item.question);
        if (outcome.status !== 'answer') {
          assert.equal(outcome.status, 'clarify');
          counts.askedBack++;
          continue;
        }
        assert.deepEqual([item.id, ...differences(meaningOf(item), outcome.plan!)], [item.id]);
        counts[outcome.by === 'model' ? 'byModel' : 'byRules']++;
      }
    }
    t.diagnostic(JSON.stringify(counts));
    assert.ok(counts.faults > counts.questions * 0.25, 'faults were made');
    assert.ok(counts.byModel >= counts.questions * 0.95, JSON.stringify(counts));
  });
});
