import type { Answered, Declined } from '../../../lib/query/ask.ts';
import type { Context } from '../../context.ts';
import { AskConnection, askError } from './connection.ts';
import { rememberPlan } from './conversation.ts';
import { type AskRequest, optionsOf, previousPlan, withReaderUrl } from './request.ts';

/**
 * Answers one question from the database, or says why not; what is declined without looking at the data is declined
 * without a connection.
 * @throws {OmsError} when the question is no text, or the database cannot be read
 */
export async function askQuestion(
  question: string,
  request: AskRequest,
  context: Context,
): Promise<Answered | Declined> {
  const { checkQuestion, decline } = await import('../../../lib/query/ask.ts');
  try {
    const common = await optionsOf(request, context);
    const text = checkQuestion(question);
    const refused = decline(text);
    if (refused) return refused;
    const previous = await previousPlan(request, context);
    const options = { ...common, ...(previous && { previous }) };
    const declined = decline(text, options);
    if (declined) return declined;
    return await withReaderUrl(request, context, async (url) => {
      const connection = await AskConnection.open(url);
      try {
        const outcome = await connection.ask(text, options, context.signal);
        if (outcome.status === 'answer' && outcome.plan) await rememberPlan(context.settings.dir, outcome.plan);
        return outcome;
      } finally {
        await connection.close();
      }
    });
  } catch (error) {
    throw askError(context.signal.aborted ? context.signal.reason : error);
  }
}
