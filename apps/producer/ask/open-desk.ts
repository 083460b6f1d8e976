import { loadClient, openModel } from '../../../lib/query/assistant/openai.ts';
import { describeModel, type ModelSettings } from '../../../lib/query/assistant/settings.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { type AskDesk, DatabaseAskDesk } from './ask-desk.ts';
import { ModelSeats } from './model-seats.ts';

/** Who answers the staff's questions. */
export interface AskSettings {
  /** mysql:// of an account that may only read; without it no question is answered. */
  databaseUrl: string | undefined;
  /** The shop's. */
  timeZone: string;
  /** The language model that helps to read them; without it rules read alone. */
  model?: ModelSettings | undefined;
}

/** What reaches a model is loaded before the first order comes in: it takes the event loop a quarter of a second. */
async function openSeats(model: ModelSettings, logger: Logger): Promise<ModelSeats> {
  await import('../../../lib/query/with-model.ts');
  await loadClient(model).catch((error: Error) => {
    logger.warn({ model: describeModel(model), reason: error.message }, 'questions are read by rules alone');
  });
  return new ModelSeats({ model: openModel(model), timeoutMs: model.timeoutMs });
}

/** Undefined where there is no account to answer with. */
export async function openAskDesk(
  { databaseUrl, model }: Partial<AskSettings>,
  logger: Logger,
): Promise<AskDesk | undefined> {
  if (!databaseUrl) return undefined;
  return new DatabaseAskDesk(databaseUrl, model && (await openSeats(model, logger)));
}
