import type { TestContext } from 'node:test';
import type { Assistant } from '../../lib/query/assistant/index.ts';
import { openModel } from '../../lib/query/assistant/openai.ts';
import { readModelSettings } from '../../lib/query/assistant/settings.ts';
import { type ModelStandin, type ModelStandinOptions, startModelStandin } from '../standins/model/server.ts';

/** The environment of a program that uses this stand-in. */
export const modelEnv = ({ url }: ModelStandin): Record<string, string> => ({
  OMS_AI_PROVIDER: 'compatible',
  OMS_AI_BASE_URL: url,
  OMS_AI_MODEL: 'stand-in',
});

/** A scripted model and an assistant that reaches it through the real package; closed with the test. */
export async function startAssistant(
  t: TestContext,
  options: ModelStandinOptions,
  more: Partial<Assistant> = {},
): Promise<{ assistant: Assistant; standin: ModelStandin }> {
  const standin = await startModelStandin(options);
  t.after(() => standin.close());
  const settings = readModelSettings(modelEnv(standin))!;
  return { assistant: { model: openModel(settings), timeoutMs: settings.timeoutMs, ...more }, standin };
}
