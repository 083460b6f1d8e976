import type { Logger } from './logger.ts';

/** What a running app hands back so that it can be stopped: finish in-flight work, release everything. */
export interface Running {
  stop(): Promise<void>;
}

/** How long a stop may take before the process leaves anyway (reliability rule: finish in-flight work <= 10 s). */
const STOP_DEADLINE_MS = 10_000;

/**
 * Runs an app as a process: starts it, stops it on SIGTERM or SIGINT, exits at once on a second signal.
 * A start that fails, an unhandled rejection or an uncaught exception is logged and ends the process with 1,
 * so that whoever supervises it starts it anew.
 */
export async function runAsProcess(
  logger: Logger,
  start: () => Promise<Running>,
  { stopDeadlineMs = STOP_DEADLINE_MS }: { stopDeadlineMs?: number } = {},
): Promise<void> {
  const die = (error: unknown) => {
    logger.fatal({ err: error }, 'stopped by an error');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const started = start();
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
  await started.catch(die);
}
