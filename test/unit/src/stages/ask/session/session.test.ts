import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { ask } from '../../../../../../lib/query/ask.ts';
import { OmsError } from '../../../../../../src/errors.ts';
import { Session, type SessionParts } from '../../../../../../src/stages/ask/session/session.ts';
import { CATALOGUE, CLOCK } from '../../../../../fixtures/ask/catalogue.ts';
import { plainTerminal } from '../../../../../helpers/plain-terminal.ts';
import { tempFolder } from '../../../../../helpers/temp-folder.ts';

/** A database in which every answer has two rows. */
const source = {
  catalogue: async () => CATALOGUE,
  rows: async () => [
    ['Copper Kettle', 1_200, 2],
    ['Lantern Mini', 600, 2],
  ],
};

function start(t: TestContext, changed: Partial<SessionParts> = {}) {
  const printed: string[] = [];
  const said: string[] = [];
  const dir = tempFolder(t);
  const session = new Session({
    ask: (question, previous) => ask(question, source, { clock: CLOCK, ...(previous && { previous }) }),
    terminal: { ...plainTerminal(), print: (text) => printed.push(text) },
    say: (text) => said.push(text),
    interactive: true,
    view: { zone: CLOCK.zone, sql: false, explain: false, csv: false },
    dir,
    ...changed,
  });
  return { session, printed, said, dir, kept: () => readFileSync(join(dir, 'ask', 'last-plan.json'), 'utf8') };
}

const firstLine = (text: string | undefined) => text?.split('\n')[0];

suite('a conversation', () => {
  test('a follow-up changes the plan before, and the last plan is kept', async (t) => {
    const { session, printed, kept } = start(t);
    await session.take('revenue by product last month');
    await session.take('and by brand?');
    assert.match(firstLine(printed[1])!, /revenue by brand, Wed 1 Apr - Thu 30 Apr 2026/);
    assert.match(kept(), /"brand"/);
  });

  test('what is offered after an answer is picked by its number', async (t) => {
    const { session, printed, said } = start(t);
    await session.take('revenue by category last month');
    assert.match(said[0]!, /1 {2}compared with the month before\n {2}2 {2}and by brand\?/);
    await session.take('2');
    assert.match(firstLine(printed[1])!, /revenue by brand/);
    await session.take('9');
    assert.equal(said.at(-1), 'there is no 9 to choose');
  });

  test('so is one of the choices of a question that was asked back', async (t) => {
    const { session, printed, said } = start(t);
    await session.take('show me the numbers');
    assert.equal(session.outcomes[0]!.status, 'clarify');
    assert.match(said[0]!, /^Not sure what is meant\. .+\n {2}1 {2}/);
    await session.take('1');
    assert.match(firstLine(printed[0])!, /^Understood: /);
  });

  test('\\new forgets what was asked before', async (t) => {
    const { session } = start(t);
    await session.take('revenue by product last month');
    await session.take('\\new');
    await session.take('and by brand?');
    assert.notEqual(session.outcomes[1]!.status, 'answer');
  });

  test('the last answer as SQL, plan, chart and file', async (t) => {
    const { session, printed, said, dir } = start(t);
    await session.take('\\sql');
    assert.equal(said.pop(), 'there is no answer yet');
    await session.take('top products last month');
    for (const command of ['\\sql', '\\explain', '\\chart', '\\csv']) await session.take(command);
    assert.match(printed[1]!, /^SELECT [\s\S]*;$/);
    assert.match(printed[2]!, /"metrics"/);
    assert.match(printed[3]!, /█/);
    const csv = 'product,revenue\nCopper Kettle,12\nLantern Mini,6';
    assert.equal(printed[4], csv);
    const file = join(dir, 'rows.csv');
    await session.take(`\\csv ${file}`);
    assert.equal(readFileSync(file, 'utf8'), `${csv}\n`);
    await session.take(`\\csv ${file}`);
    assert.match(said.at(-1)!, /is there already/);
    await session.take(`\\csv ${join(dir, 'no', 'such', 'folder')}`);
    assert.match(said.at(-1)!, /ENOENT/);
  });

  test('quit ends it; what is no command is said', async (t) => {
    const { session, said } = start(t);
    assert.equal(await session.take('\\drop'), true);
    assert.match(said[0]!, /there is no command \\drop/);
    assert.equal(await session.take('quit'), false);
  });

  test('an error is shown with what to do next, and the session goes on', async (t) => {
    const away = new OmsError('database_unreachable', 'the database does not answer', { next: ['oms up'] });
    const { session, said, dir } = start(t, { ask: () => Promise.reject(away) });
    await session.take('revenue');
    assert.equal(said[0], 'error the database does not answer\n  next  oms up');
    assert.equal(session.outcomes[0]!.status, 'failed');
    assert.ok(!existsSync(join(dir, 'ask')));
  });
});

suite('questions from a file', () => {
  test('choices are given as they are to be asked, and nothing is offered after an answer', async (t) => {
    const { session, said } = start(t, { interactive: false });
    await session.take('show me the numbers');
    await session.take('revenue by category last month');
    assert.equal(said.length, 1);
    assert.match(said[0]!, /\n {2}oms ask "/);
  });

  test('a database that is away ends them', async (t) => {
    const away = new OmsError('database_unreachable', 'the database does not answer');
    const { session } = start(t, { interactive: false, ask: () => Promise.reject(away) });
    await assert.rejects(session.take('revenue'), away);
  });

  test('a bug is no answer', async (t) => {
    const { session } = start(t, { ask: () => Promise.reject(new TypeError('a bug')) });
    await assert.rejects(session.take('revenue'), TypeError);
  });
});
