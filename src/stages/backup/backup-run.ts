import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { inventory } from '../../render/inventory.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { appendAudit } from '../deploy/audit.ts';
import { KEPT_RELEASES, PROJECT } from '../deploy/host-layout.ts';
import { withHostLocks } from '../deploy/host-lock.ts';
import { newHolder, whoAmI } from '../deploy/lock-holder.ts';
import { PhaseFailed, runPhase } from '../deploy/phases.ts';
import type { AuditEntry, HostState } from '../deploy/release.ts';
import { composeFileNames, profilesOf } from '../deploy/release-parts/compose-files.ts';
import { type DeployRecorder, openDeployReport } from '../deploy/run-report.ts';
import { type Site, sitePaths } from '../deploy/site.ts';
import type { DeployVariables, Playbook } from '../deploy/variables.ts';
import { localPaths } from '../local/paths.ts';
import { failureOf } from '../runs/run-record.ts';
import type { DatabaseNow } from './records.ts';

/** What a run works with. */
export interface BackupRun {
  site: Site;
  state: HostState;
  now: DatabaseNow;
  recorder: DeployRecorder;
}

/** Such as another backup that is under way; what the program says of itself. */
const SAID = /oms-backup: (.*)/;
const BUSY = /another backup or restore is under way/;
const FULL = /No space left|of disk, and/;
const GATE_SECONDS = 120;

/** What the playbooks are told: the release that runs stays as it is. */
export function backupVariables(
  { site, state, now }: Pick<BackupRun, 'site' | 'state' | 'now'>,
  extra: Pick<DeployVariables, 'oms_backup' | 'oms_backups_kept'>,
): DeployVariables {
  return {
    oms_home: site.home,
    oms_project: PROJECT,
    oms_release: state.release,
    oms_previous: state.previous,
    ...{ oms_stage: '', oms_secrets: '', oms_secret_files: [], oms_images: [], oms_image_archive: null },
    oms_compose_files: composeFileNames(site, true).filter((name) => now.composeFiles.includes(name)),
    oms_profiles: profilesOf(site),
    oms_replicas: site.replicas,
    oms_migrates: true,
    oms_colours: state.colours,
    oms_colours_before: null,
    oms_gate_seconds: GATE_SECONDS,
    oms_drain_seconds: 0,
    oms_kept_releases: KEPT_RELEASES,
    oms_deployed_by: whoAmI(),
    ...extra,
  };
}

/** A task's failure in the words of the backup program. */
function inItsWords(error: unknown, site: Site): unknown {
  if (!(error instanceof PhaseFailed)) return error;
  const [task] = error.phase.failed;
  const said = SAID.exec(task?.stderr ?? task?.message ?? '')?.[1];
  if (said === undefined) return error;
  if (BUSY.test(said)) {
    return new OmsError('deploy_locked', `${task!.host} is busy with another backup or restore`, {
      why: 'its lock is held; the nightly backup takes it, too',
      next: ['try again when it is done', `oms backup list --env ${site.name}`],
    });
  }
  return new OmsError(FULL.test(said) ? 'disk' : 'deploy_failed', `"${task!.task}" on ${task!.host} failed`, {
    why: said,
    next: FULL.test(said) ? [`make room on ${task!.host}: df -h`] : [`oms logs mysql --env ${site.name} --since 10m`],
  });
}

/** Gets Ansible, and lays down what it reads on this machine. */
export const readyStep = (run: BackupRun, context: Context): Step<BackupRun> => ({
  title: 'getting Ansible ready',
  run: async (_, report) => {
    const { machine, settings, ansible } = context;
    const paths = sitePaths(settings.dir, run.site.name);
    await ansible.provide(localPaths(settings.dir).cacheDir, report);
    await machine.makeFolder(paths.deploy);
    machine.writeJson(paths.inventory, inventory(run.site, paths));
    return ansible.version();
  },
});

export interface PlaybookStep {
  title: string;
  playbook: Playbook;
  extra?: Pick<DeployVariables, 'oms_backup' | 'oms_backups_kept'>;
  /** Runs beside the playbook until it is done. */
  watch?: (report: (line: string) => void, done: AbortSignal) => Promise<void>;
}

export const playbookStep = (
  { title, playbook, extra = {}, watch }: PlaybookStep,
  context: Context,
): Step<BackupRun> => ({
  title,
  run: async (run, report, area) => {
    const paths = sitePaths(context.settings.dir, run.site.name);
    context.machine.writeJson(paths.variables, backupVariables(run, extra));
    const done = new AbortController();
    const watching = watch?.(report, done.signal);
    try {
      const phase = await runPhase({ site: run.site.name, playbook, paths, report, area }, context);
      run.recorder.addPhase(phase);
    } catch (error) {
      if (error instanceof PhaseFailed) run.recorder.addPhase(error.phase);
      context.signal.throwIfAborted();
      throw inItsWords(error, run.site);
    } finally {
      done.abort();
      await watching;
    }
    context.signal.throwIfAborted();
    return undefined;
  },
});

/** How a run ended, for its audit line. */
export interface Ending {
  outcome?: AuditEntry['outcome'];
  detail: string;
}

export interface RunCall {
  site: Site;
  state: HostState;
  now: DatabaseNow;
  command: string;
  action: Extract<AuditEntry['action'], 'backup' | 'restore'>;
  why: string | null;
}

async function attempt<T>(
  call: RunCall,
  recorder: DeployRecorder,
  context: Context,
  work: (run: BackupRun) => Promise<{ value: T; detail: string }>,
): Promise<T> {
  const { site, state, now, action, why } = call;
  const begun = performance.now();
  recorder.record({ release: state.release });
  const end = async (outcome: AuditEntry['outcome'], detail: string) => {
    recorder.record({ outcome, endedAt: context.now().toISOString() });
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    const facts = { at: context.now().toISOString(), by: whoAmI(), action, why, release: state.release, from: null };
    await appendAudit(site, { ...facts, outcome, seconds, detail }, context);
  };
  const holder = newHolder(recorder.run, why ?? call.command, context.now());
  try {
    const run = { site, state, now, recorder };
    const { value, detail } = await withHostLocks(site, holder, context, () => work(run));
    await end('done', detail);
    return value;
  } catch (error) {
    const { outcome, error: failure } = failureOf(error, context);
    recorder.record({ error: failure });
    const { outcome: sofar } = recorder.report;
    await end(sofar === 'running' ? (outcome as AuditEntry['outcome']) : sofar, messageOf(error));
    throw error;
  }
}

/**
 * Does the work while nobody else does anything to the site, with a report of the run and a line in the audit trail,
 * however it ends.
 * @throws {OmsError} deploy_locked; what the work throws.
 */
export async function runLocked<T>(
  call: RunCall,
  context: Context,
  work: (run: BackupRun) => Promise<{ value: T; detail: string }>,
): Promise<T> {
  const { site, command } = call;
  const paths = sitePaths(context.settings.dir, site.name);
  return context.machine.withLock(paths.lock, async () => {
    const recorder = await openDeployReport(paths, { command, site: site.name }, context);
    return attempt(call, recorder, context, work);
  });
}

export const runBackupSteps = (run: BackupRun, steps: readonly Step<BackupRun>[], context: Context): Promise<void> =>
  runSteps(context.terminal, run, steps);
