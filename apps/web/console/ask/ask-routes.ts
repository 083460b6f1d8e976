import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiProblem } from '../../api/api-problem.ts';
import { type Answer, type Declined, Questions } from '../../api/questions.ts';
import { Staff } from '../../api/staff.ts';
import { page } from '../../html/layout.ts';
import type { WebParts } from '../../parts.ts';
import { withoutToken } from '../console-routes.ts';
import type { StaffGate } from '../staff-gate.ts';
import { MAX_QUESTION } from './ask-form.ts';
import { askPage } from './ask-page.ts';
import { planFrom } from './plan-token.ts';

/** As much as can be read on a page; the command line gives more. */
const ROWS = 200;

const TROUBLE: Partial<Record<string, string>> = {
  ask_not_configured: 'The order API has no account to answer questions with: set OMS_ASK_DATABASE_URL there.',
  database_unavailable: 'The database does not answer. Please try again in a moment.',
  too_many_questions: 'Too many questions at once. Please try again in a moment.',
  question_too_slow: 'The answer took too long and was stopped. Ask for a shorter time, such as “last month”.',
  answer_too_large: 'The answer is too large and was stopped. Ask for fewer rows, such as “top 100”.',
  api_unavailable: 'The order API does not answer. Please try again in a moment.',
  control_character: 'There is a character in it that cannot be used.',
  raw_card_forbidden: 'That looks like the number of a card. Please never type card numbers here.',
};

/** Undefined where another page says it better. */
function troubleOf(error: unknown): string | undefined {
  return error instanceof ApiProblem ? TROUBLE[error.code] : undefined;
}

function asked({ query }: FastifyRequest): { question: string; previous: object | undefined } {
  const text = (name: string): string => {
    const value = (query as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : '';
  };
  return { question: text('q').trim().slice(0, MAX_QUESTION), previous: planFrom(text('plan')) };
}

/** GET /console/ask?q=&plan=: the staff's questions; without one, where to ask. */
export function addAskRoute(app: FastifyInstance, parts: WebParts, gate: StaffGate): void {
  const questions = new Questions(parts.api);
  const staff = new Staff(parts.api);
  app.get('/console/ask', async (request, reply) => {
    const { question, previous } = asked(request);
    const answer = gate.pass(request, reply, async (call): Promise<Answer | Declined | undefined> => {
      if (question !== '') return questions.ask({ question, limit: ROWS, ...(previous && { previous }) }, call);
      await staff.check(call);
      return undefined;
    });
    try {
      return page(reply, parts, askPage({ question, reply: await answer }));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) throw withoutToken();
      const trouble = troubleOf(error);
      if (trouble === undefined) throw error;
      reply.code((error as ApiProblem).status);
      return page(reply, parts, askPage({ question, trouble }));
    }
  });
}
