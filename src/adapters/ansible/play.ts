import { join } from 'node:path';
import { OmsError } from '../../errors.ts';
import { ansibleEnvironment, isWithheldFromAnsible, playArguments } from '../../tools/ansible.ts';
import { type AnsibleEvent, parseAnsibleEvent } from '../../tools/ansible-events.ts';
import { type StreamEnd, stream } from '../exec/stream.ts';
import type { PlayCall, PlayRecap, TaskResult } from './engine.ts';
import type { AnsibleProgram } from './program.ts';

type Ended = Extract<AnsibleEvent, { event: 'end' }>;

/** What it says where it cannot even begin is written for people, in several lines. */
const QUOTED_LINES = 12;

const missing = () =>
  new OmsError('tool_missing', 'there is no ansible-playbook on this machine', { next: ['oms doctor'] });

function notUnderstood(call: PlayCall, { said, exitCode, endedBy }: StreamEnd): OmsError {
  const lines = said.trim().split('\n').filter(Boolean);
  const reason = lines.find((line) => /ERROR|error/.test(line)) ?? lines.at(-1);
  return new OmsError('deploy_failed', `Ansible could not run ${call.playbook} to its end`, {
    why: reason ?? (endedBy ? `it was ended by ${endedBy}` : `it ended with exit code ${exitCode} and said nothing`),
    next: ['oms doctor', 'oms deploy again goes on where this one stopped'],
    original: lines.slice(-QUOTED_LINES).join('\n'),
  });
}

/** Keeps what a recap needs while events pass by. */
class Recorder {
  ended: Ended | undefined;
  readonly failed: TaskResult[] = [];
  readonly #onTask: PlayCall['onTask'];

  constructor(onTask: PlayCall['onTask']) {
    this.#onTask = onTask;
  }

  take(event: AnsibleEvent): void {
    if (event.event === 'end') this.ended = event;
    if (event.event === 'task') this.#onTask({ kind: 'started', play: event.play, task: event.task });
    if (event.event !== 'result') return;
    const { event: _, ...result } = event;
    if (result.outcome === 'failed' || result.outcome === 'unreachable') this.#keep(result);
    this.#onTask({ kind: 'result', result });
  }

  /** After an item of a loop the loop itself fails, with less to say. */
  #keep(result: TaskResult): void {
    const known = this.failed.some(({ task, host, item }) => item && task === result.task && host === result.host);
    if (result.item !== undefined || !known) this.failed.push(result);
  }
}

function recapOf({ hosts }: Ended, failed: TaskResult[]): PlayRecap {
  const changed = Object.values(hosts).reduce((sum, numbers) => sum + numbers.changed, 0);
  return { hosts, changed, failed };
}

/**
 * Runs one playbook to its end.
 * @throws {OmsError} tool_missing, deploy_failed; the signal's reason after Ansible has ended.
 */
export async function play(program: AnsibleProgram, call: PlayCall): Promise<PlayRecap> {
  const recorder = new Recorder(call.onTask);
  const end = await stream({
    file: program.file,
    args: [...program.prefix, ...playArguments({ ...call, playbook: join(call.folder, call.playbook) })],
    cwd: call.folder,
    scratch: call.scratch,
    env: { ...ansibleEnvironment(call.folder, call.scratch), ...program.env },
    withhold: isWithheldFromAnsible,
    signal: call.signal,
    onLine: (line) => {
      const event = parseAnsibleEvent(line);
      if (event) recorder.take(event);
    },
  });
  if (end.notFound) throw missing();
  call.signal.throwIfAborted();
  if (!recorder.ended) throw notUnderstood(call, end);
  const recap = recapOf(recorder.ended, recorder.failed);
  if (end.exitCode !== 0 && recap.failed.length === 0) throw notUnderstood(call, end);
  return recap;
}
