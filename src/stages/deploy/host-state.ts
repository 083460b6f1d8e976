import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { onHost } from './host-command.ts';
import { writeHostFile } from './host-file.ts';
import { HOST_LAYOUT } from './host-layout.ts';
import { readRecord } from './read-record.ts';
import { Deploying, HostState, Release } from './release.ts';

/** Beside state.json: there while a deployment is at it, or after one that was cut off. */
export const DEPLOYING = 'deploying.json';

/** What a server knows of itself. */
export interface HostRecord {
  /** Undefined where nothing is deployed. */
  state: HostState | undefined;
  deploying: Deploying | undefined;
  /** The releases whose folders are there, the newest first. */
  releases: Release[];
}

/** One line a file, "name<TAB>base64"; the folder is root's. */
const READ = `
show() { [ -f "$2" ] && printf '%s\\t%s\\n' "$1" "$(base64 < "$2" | tr -d '\\n')"; }
show state "$1/${HOST_LAYOUT.state}"
show deploying "$1/${DEPLOYING}"
for file in "$1/${HOST_LAYOUT.releases}"/*/release.json; do show release "$file"; done
exit 0`;

const decode = (value: string) => Buffer.from(value, 'base64').toString('utf8');

/** A state that is not understood is not taken for none: a deployment would begin from nothing beside what runs. */
function understood<T>(record: T | undefined, text: string | undefined, file: string, host: string): T | undefined {
  if (record !== undefined || text === undefined) return record;
  throw new OmsError('deploy_failed', `${host}: ${file} is not one of this version of oms`, {
    why: 'it was written by a newer version, or was damaged',
    next: [`look at it on ${host}`, 'use the oms that wrote it'],
  });
}

/**
 * What a server says of releases and of what runs on it.
 * @throws {OmsError} host_unreachable; deploy_failed for a state that is not understood.
 */
export async function readHostRecord(
  target: RemoteTarget,
  home: string,
  context: Pick<Context, 'remote' | 'signal'>,
): Promise<HostRecord> {
  const purpose = 'its state could not be read';
  const { stdout } = await onHost({ target, script: READ, args: [home], purpose }, context);
  const lines = stdout.split('\n').map((line) => line.split('\t') as [string, string?]);
  const texts = (key: string) => lines.flatMap(([name, value]) => (name === key && value ? [decode(value)] : []));
  const [state] = texts('state');
  const [deploying] = texts('deploying');
  return {
    state: understood(readRecord(state, HostState), state, HOST_LAYOUT.state, target.name),
    deploying: understood(readRecord(deploying, Deploying), deploying, DEPLOYING, target.name),
    releases: texts('release')
      .flatMap((text) => readRecord(text, Release) ?? [])
      .sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1)),
  };
}

/** Says how far a deployment has come, before each phase. */
export async function writeDeploying(
  target: RemoteTarget,
  home: string,
  deploying: Deploying,
  context: Pick<Context, 'remote' | 'signal'>,
): Promise<void> {
  const text = `${JSON.stringify(deploying, null, 2)}\n`;
  await writeHostFile(
    { target, file: `${home}/${DEPLOYING}`, text, purpose: `${DEPLOYING} could not be written` },
    context,
  );
}

/** Says that the deployment has ended, either way; also after a Ctrl-C. */
export async function removeDeploying(
  target: RemoteTarget,
  home: string,
  context: Pick<Context, 'remote' | 'signal'>,
): Promise<void> {
  const call = { target, script: 'rm -f -- "$1"', args: [`${home}/${DEPLOYING}`], unstoppable: true };
  await onHost({ ...call, purpose: `${DEPLOYING} could not be removed` }, context);
}
