import { parseVersion, type VersionedTool } from '../../tools/tool.ts';
import { run } from './run.ts';

const DEADLINE_MS = 5_000;

/** The version a tool says it is; undefined when it is not there or does not answer. */
export async function findVersion(
  tool: Pick<VersionedTool, 'command' | 'versionArguments' | 'versionEnvironment' | 'versionDeadlineMs'>,
) {
  return run({
    file: tool.command,
    args: tool.versionArguments,
    env: { ...tool.versionEnvironment },
    signal: AbortSignal.timeout(tool.versionDeadlineMs ?? DEADLINE_MS),
    ownGroup: true,
  }).then(
    ({ stdout }) => parseVersion(stdout),
    () => undefined,
  );
}
