import type { TestContext } from 'node:test';
import type { Assistant } from '../../lib/query/assistant/index.ts';
import { openModel } from '../../lib/query/assistant/openai.ts';
import { type ModelSettings, readModelSettings } from '../../lib/query/assistant/settings.ts';
import type { Plan } from '../../lib/query/plan.ts';
import type { ModelReply } from '../standins/model/exchange.ts';
import { type ModelStandin, type ModelStandinOptions, startModelStandin } from '../standins/model/server.ts';

/** The environment of a program that uses this stand-in. */
export const modelEnv = ({ url }: ModelStandin): Record<string, string> => ({
  OMS_AI_PROVIDER: 'compatible',
  OMS_AI_BASE_URL: url,
  OMS_AI_MODEL: 'stand-in',
});

export const settingsOf = (standin: ModelStandin): ModelSettings => readModelSettings(modelEnv(standin))!;

/** A plan as a model submits it: the ends of its windows. */
export function submit(plan: Plan): ModelReply {
  const ends = ({ start, end }: Plan['window']) => ({ start, end });
  const { window, compare, cohort } = plan;
  const wire = { ...plan, window: ends(window), compare: compare && ends(compare) };
  return {
    call: 'submit_plan',
    arguments: { ...wire, cohort: cohort && { ...cohort, window: ends(cohort.window) } },
  };
}

/** A scripted model and an assistant that reaches it through the real package; closed with the test. */
export async function startAssistant(
  t: TestContext,
  options: ModelStandinOptions,
  more: Partial<Assistant> = {},
): Promise<{ assistant: Assistant; standin: ModelStandin }> {
  const standin = await startModelStandin(options);
  t.after(() => standin.close());
  const settings = settingsOf(standin);
  return { assistant: { model: openModel(settings), timeoutMs: settings.timeoutMs, ...more }, standin };
}
