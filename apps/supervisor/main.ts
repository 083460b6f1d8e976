import { runAsProcess } from '../../lib/runtime/lifecycle.ts';
import { type RunningSupervisor, startSupervisor } from './app.ts';
import { SupervisorEnv } from './env.ts';

/** Its children stop one after the other, each with a deadline of its own. */
const STOP_DEADLINE_MS = 60_000;

// The signal may come before the start is through; unheard, it would end the process.
const started = Promise.withResolvers<RunningSupervisor>();
process.on('SIGHUP', () => void started.promise.then((supervisor) => supervisor.reload()));

await runAsProcess(
  'supervisor',
  SupervisorEnv,
  async (env, logger) => {
    const supervisor = await startSupervisor({ specFile: env.OMS_SUPERVISOR_SPEC }, logger);
    started.resolve(supervisor);
    return supervisor;
  },
  { stopDeadlineMs: STOP_DEADLINE_MS },
);
