import { Flags } from '@oclif/core';
import { PROVIDERS } from '../../lib/query/assistant/settings.ts';

/** How a language model may help to read a question; where it is and its key come from the environment. */
export const askModelFlags = {
  provider: Flags.option({
    env: 'OMS_AI_PROVIDER',
    options: PROVIDERS,
    summary: 'the language model that helps to read the question (default: none, or OMS_AI_PROVIDER)',
  })(),
  llm: Flags.boolean({
    env: 'OMS_ASK_LLM',
    allowNo: true,
    default: true,
    summary: 'use the language model that is configured; --no-llm reads by rules alone',
  }),
  'share-rows': Flags.boolean({
    env: 'OMS_ASK_SHARE_ROWS',
    summary: 'send the rows of the answer to the language model, for a sentence about them',
  }),
  'allow-sql': Flags.boolean({
    env: 'OMS_ASK_ALLOW_SQL',
    summary: 'let the language model write SQL where no plan can express the question',
  }),
};
