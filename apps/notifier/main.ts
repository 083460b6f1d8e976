import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { startNotifier } from './app.ts';
import { NotifierEnv } from './env.ts';
import { optionsFrom } from './options.ts';

await runAsProcess('notifier', NotifierEnv, async (env, logger) => startNotifier(optionsFrom(env), logger));
