import type { Static, TObject } from 'typebox';
import { readEnv } from './env.ts';
import { createLogger, type Logger, type LogLevel } from './logger.ts';

/** What a running app hands back so that it can be stopped: finish in-flight work, release everything. */
export interface Running {
  stop(): Promise<void>;
}

/** How long a stop may take before the process leaves anyway (reliability rule: finish in-flight work <= 10 s). */
const STOP_DEADLINE_MS = 10_000;

function logLevelOf(env: unknown): LogLevel {
  return (env as { OMS_LOG_LEVEL?: LogLevel }).OMS_LOG_LEVEL ?? 'info';
}

/**
 * Runs an app as a process: reads its environment, starts it, stops it on SIGTERM or SIGINT, or when a channel to the
 * process that started it closes; exits at once on a second signal. A wrong environment, a start that fails, an unhandled rejection or an uncaught exception is logged in one line
 * and ends the process with 1, so that whoever supervises it starts it anew.
 * @param schema the variables the app takes; OMS_LOG_LEVEL among them sets the level of `logger`
 */
export async function runAsProcess<S extends TObject>(
  service: string,
  schema: S,
  start: (env: Static<S>, logger: Logger) => Promise<Running>,
  { stopDeadlineMs = STOP_DEADLINE_MS } = {},
): Promise<void> {
  let logger = createLogger(service);
  const die = (error: unknown) => {
    logger.fatal({ err: error }, 'stopped by an error');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const started = (async () => {
    const env = readEnv(schema);
    logger = createLogger(service, logLevelOf(env));
    return start(env, logger);
  })();
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => die(new Error(`not stopped within ${stopDeadlineMs} ms`)), stopDeadlineMs).unref();
    started
      .then((app) => app.stop())
      .then(() => process.exit(0))
      .catch(die);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Whoever started this one with a channel is gone.
  process.on('disconnect', () => !stopping && stop('SIGTERM'));
  await started.catch(die);
}
