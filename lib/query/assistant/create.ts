import type { Assistant } from './index.ts';
import { openModel } from './openai.ts';
import type { ModelSettings } from './settings.ts';
import { FREE_SQL } from './sql-access.ts';

export interface AssistantOptions {
  shareRows?: boolean | undefined;
  allowSql?: boolean | undefined;
  signal?: AbortSignal | undefined;
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
