import { parseVersion, type VersionedTool } from '../../tools/tool.ts';
import { run } from './run.ts';

const DEADLINE_MS = 5_000;

/** The version a tool says it is; undefined when it is not there or does not answer. */
export async function findVersion(
  tool: Pick<VersionedTool, 'command' | 'versionArguments' | 'versionEnvironment' | 'versionDeadlineMs'>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(tool.versionDeadlineMs ?? DEADLINE_MS);
  return run({
    file: tool.command,
    args: tool.versionArguments,
    env: { ...tool.versionEnvironment },
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    // A wrapper script may have started what does not answer.
    ownGroup: true,
  }).then(
    ({ stdout }) => parseVersion(stdout),
    () => undefined,
  );
}
