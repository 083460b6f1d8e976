import type { Assistant } from '../../../lib/query/assistant/index.ts';
import type { ModelSettings, Provider } from '../../../lib/query/assistant/settings.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';

/** What the flags say about a language model. */
export interface AssistantRequest {
  provider?: Provider | undefined;
  /** false = by rules alone, whatever is configured. */
  llm?: boolean | undefined;
  shareRows?: boolean | undefined;
  allowSql?: boolean | undefined;
}

/** @throws {OmsError} usage, naming the variable that is missing or wrong */
function settingsOf({ settings }: Context, provider: Provider | undefined): ModelSettings | undefined {
  try {
    return settings.model?.(provider);
  } catch (error) {
    if ((error as Error).name !== 'EnvironmentError') throw error;
    throw new OmsError('usage', 'the language model is not configured', {
      why: (error as Error).message,
      next: ['set the OMS_AI_ variables (docs/ask-models.md)', 'oms ask QUESTION --no-llm'],
      cause: error,
    });
  }
}

/** The language model that helps with questions, or undefined: then rules read them alone. */
export async function openAssistant(request: AssistantRequest, context: Context): Promise<Assistant | undefined> {
  if (request.llm === false) return undefined;
  const settings = settingsOf(context, request.provider);
  if (!settings) return undefined;
  const { createAssistant } = await import('../../../lib/query/assistant/create.ts');
  const { shareRows, allowSql } = request;
  return createAssistant(settings, { shareRows, allowSql, signal: context.signal });
}
