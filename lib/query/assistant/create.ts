import { FREE_SQL } from './free-sql.ts';
import type { Assistant } from './index.ts';
import { openModel } from './openai.ts';
import type { ModelSettings } from './settings.ts';

export interface AssistantOptions {
  shareRows?: boolean | undefined;
  allowSql?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Loads beforehand what the first question would.
 * @throws {Error} where the package that reaches a model is not installed
 */
export async function loadClient(): Promise<void> {
  await Promise.all([import('openai'), import('../with-model.ts')]);
}

/** An assistant on the model that is configured; the package that reaches it is loaded with its first question. */
export function createAssistant(settings: ModelSettings, options: AssistantOptions = {}): Assistant {
  const { shareRows, allowSql, signal } = options;
  return {
    model: openModel(settings),
    timeoutMs: settings.timeoutMs,
    shareRows,
    signal,
    freeSql: allowSql ? FREE_SQL : undefined,
  };
}
