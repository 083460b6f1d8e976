import { isRunning, type ProcessIdentity } from '../../../lib/runtime/process-identity.ts';

/**
 * Stops a process where it stands (SIGSTOP): it keeps its connections and answers nothing.
 * @returns what lets it go on; done when this process ends, whatever ends it in order
 * @throws {Error} when exactly this process does not run
 */
export function standStill(identity: ProcessIdentity): () => void {
  if (!isRunning(identity)) throw new Error(`process ${identity.pid} does not run`);
  let stands = true;
  const goOn = () => {
    if (stands && isRunning(identity)) process.kill(identity.pid, 'SIGCONT');
    stands = false;
    process.off('exit', goOn);
  };
  process.on('exit', goOn);
  process.kill(identity.pid, 'SIGSTOP');
  return goOn;
}
