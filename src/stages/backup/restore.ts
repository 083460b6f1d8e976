import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type Asking, confirmTyped } from '../../ui/confirm.ts';
import { formatCount } from '../../ui/format.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { askHost } from './ask-host.ts';
import { type BackupRun, playbookStep, readyStep, runBackupSteps, runLocked } from './backup-run.ts';
import { upload } from './copies.ts';
import { newBackup, ordersIn, watchSize } from './create.ts';
import { type Ground, lookAtGround } from './known-ground.ts';
import { eventsBehind, type SinceBackup, sinceBackup } from './missing-events.ts';
import { DatabaseNow, type StoredBackup } from './records.ts';
import { type Chosen, chooseBackup, refuseCutOff, refuseLoss, refuseNewerSchema } from './refuse.ts';
import type { Restored } from './results.ts';
import { lossReport } from './view.ts';

export interface RestoreOptions {
  env: string;
  /** Of the backup, or "latest". */
  name: string;
  /** The name of the environment, where nobody can be asked to type it. */
  confirm: string | undefined;
  /** Whether what is there is kept as a backup first. */
  backupFirst: boolean;
  /** Goes on although events since the backup are gone from the hub. */
  acceptLoss: boolean;
  why: string | undefined;
}

/** How long a restore waits until everything since is stored again; it goes on without anybody. */
const CATCH_UP_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** Everything one restore works with. */
interface Attempt {
  chosen: Chosen;
  options: RestoreOptions;
  keptAs: string | null;
  /** Whether anything was begun that a failure has to be taken back from. */
  touched: boolean;
  after: DatabaseNow | undefined;
}

const momentOf = (now: Pick<DatabaseNow, 'rows' | 'newestOrder' | 'schemaVersion'>): Restored['before'] => ({
  orders: now.rows.orders ?? 0,
  newestOrderAt: now.newestOrder?.placedAt ?? null,
  schemaVersion: now.schemaVersion,
});

const momentOfBackup = (backup: StoredBackup): Restored['before'] => ({
  orders: ordersIn(backup),
  newestOrderAt: backup.newestOrder?.placedAt ?? null,
  schemaVersion: backup.schemaVersion,
});

async function consent({ site }: Ground, options: RestoreOptions, name: string, context: Context, asking: Asking) {
  const flagged = `oms backup restore ${name} --env ${site.name} --confirm ${site.name}`;
  const { terminal, signal } = context;
  if (options.confirm === site.name) return;
  if (options.confirm !== undefined) {
    throw new OmsError('refused', `--confirm says ${options.confirm}, and this is ${site.name}`, { next: [flagged] });
  }
  const question = `Type ${site.name} to replace its database:`;
  if (await confirmTyped(terminal, question, site.name, flagged, { signal, ...asking })) return;
  throw new OmsError('refused', `${site.name} was not typed, nothing was changed`, { next: [flagged] });
}

/** Leaves what was there under a name of its own; nothing that is old is removed for it. */
const keepStep = (run: BackupRun, attempt: Attempt, context: Context): Step<BackupRun> => {
  const watch = watchSize(run.site, context);
  const title = 'keeping what is there as a backup';
  const step = playbookStep({ title, playbook: 'backup', extra: { oms_backups_kept: 0 }, watch }, context);
  return {
    ...step,
    run: async (...args) => {
      await step.run(...args);
      attempt.keptAs = (await newBackup(run, context)).name;
      return attempt.keptAs;
    },
  };
};

const sendStep = (folder: string, attempt: Attempt, context: Context): Step<BackupRun> => ({
  title: 'sending the backup to the server',
  run: async (run, report) => {
    await upload(run.site, attempt.chosen.backup, folder, report, context);
    return undefined;
  },
});

const replaceStep = (attempt: Attempt, context: Context): Step<BackupRun> => {
  const { name } = attempt.chosen.backup;
  const title = 'loading and counting it beside the database, then changing places';
  const step = playbookStep({ title, playbook: 'restore', extra: { oms_backup: name } }, context);
  return {
    ...step,
    run: async (run, report, area) => {
      attempt.touched = true;
      await step.run(run, report, area);
      attempt.touched = false;
      return undefined;
    },
  };
};

/** It is done by then: a Ctrl-C ends the waiting alone. */
const catchUpStep = (attempt: Attempt, context: Context): Step<BackupRun> => ({
  title: 'storing everything since the backup again',
  run: async (run, report) => {
    const deadline = performance.now() + CATCH_UP_MS;
    const calm: Context = { ...context, signal: new AbortController().signal };
    for (;;) {
      attempt.after = await askHost(run.site, 'now', DatabaseNow, calm);
      const behind = eventsBehind(attempt.after);
      if (behind === null) return 'consumers are at it; oms status tells how far';
      if (behind === 0) return `${formatCount(attempt.after.rows.orders ?? 0)} orders`;
      report(`${formatCount(behind)} events to go`);
      const waits = performance.now() < deadline && !context.signal.aborted;
      if (!waits) return `${formatCount(behind)} events to go, consumers are at it`;
      await delay(LOOK_EVERY_MS, undefined, { signal: context.signal }).catch(() => undefined);
    }
  },
});

/** Rows that are never deleted can only have become more since. */
function requireRows(after: DatabaseNow, { name, rows }: StoredBackup): void {
  const fewer = Object.entries(rows).filter(([table, { from }]) => (after.rows[table] ?? 0) < from);
  if (fewer.length === 0 && after.problem === null) return;
  const found = fewer.map(([table, { from }]) => `${table}: ${after.rows[table] ?? 0} rows of ${from}`);
  throw new OmsError('check_failed', `the database is not what the backup ${name} was`, {
    why: after.problem ?? found.join('; '),
    next: ['what was there before is in the schema oms_replaced, and in the backup made first'],
  });
}

/** Puts the database back and the consumers to work; a Ctrl-C does not stop that. */
async function putBack(run: BackupRun, cause: unknown, context: Context): Promise<never> {
  const calm: Context = { ...context, signal: new AbortController().signal };
  const title = 'putting everything back as it was';
  const { site, recorder } = run;
  try {
    await runSteps(context.terminal, run, [playbookStep({ title, playbook: 'restoreBack' }, calm)]);
  } catch (error) {
    throw new OmsError('deploy_failed', `${messageOf(cause)}, and putting it back failed as well`, {
      why: messageOf(error),
      next: [`oms status --env ${site.name}`, `oms deploy --env ${site.name}   (starts what does not run)`],
      cause: error,
    });
  }
  recorder.record({ outcome: 'rolled-back' });
  if (context.signal.aborted) throw context.signal.reason;
  const why = cause instanceof OmsError ? (cause.why ?? cause.message) : messageOf(cause);
  const next = cause instanceof OmsError ? cause.next : [];
  const code = cause instanceof OmsError ? cause.code : 'deploy_failed';
  throw new OmsError(code, 'nothing was restored; the database is as it was, and consumers run', { why, next, cause });
}

async function work(run: BackupRun, attempt: Attempt, context: Context): Promise<Restored> {
  const { chosen, options } = attempt;
  const begun = performance.now();
  const steps = [
    readyStep(run, context),
    ...(chosen.sentFrom === null ? [] : [sendStep(chosen.sentFrom, attempt, context)]),
    ...(options.backupFirst ? [keepStep(run, attempt, context)] : []),
    replaceStep(attempt, context),
    catchUpStep(attempt, context),
  ];
  await runBackupSteps(run, steps, context).catch((error: unknown) => {
    if (!attempt.touched) throw error;
    return putBack(run, error, context);
  });
  const after = attempt.after!;
  requireRows(after, chosen.backup);
  return {
    ...{ environment: run.site.name, name: chosen.backup.name, keptAs: attempt.keptAs, behind: eventsBehind(after) },
    ...{ before: momentOf(run.now), backup: momentOfBackup(chosen.backup), after: momentOf(after) },
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    report: run.recorder.file,
  };
}

const detailOf = ({ name, before, backup, after }: Restored): string =>
  `${name}: ${formatCount(before.orders)} orders, ${formatCount(backup.orders)} in the backup, ${formatCount(after.orders)} now`;

async function chooseSafely(ground: Ground, options: RestoreOptions, context: Context) {
  refuseCutOff(ground);
  const chosen = await chooseBackup(options.name, ground, context);
  const { site, record, now, state } = ground;
  refuseNewerSchema(
    chosen,
    record.releases.find(({ id }) => id === state.release),
    site,
  );
  const since: SinceBackup = sinceBackup(chosen.backup, now.hub, site, context.now());
  context.terminal.print(lossReport({ chosen, since, now, options }, context.terminal));
  refuseLoss(since, chosen, site, options.acceptLoss);
  if (now.problem !== null && options.backupFirst) {
    throw new OmsError('refused', 'what is there cannot be kept as a backup first', {
      why: now.problem,
      next: [`oms backup restore ${chosen.backup.name} --env ${site.name} --no-backup-first`],
    });
  }
  return chosen;
}

/**
 * Replaces a site's database with a backup: loaded and counted beside the one that runs, then swapped while consumers
 * rest. The order API takes orders all the while; they and everything since the backup are stored again from the hub,
 * because the positions came back with the rows.
 * @param asking for tests: other streams than the terminal's.
 * @throws {OmsError} not_found, refused, incompatible_release before anything is changed; deploy_failed with the
 * database as it was; check_failed.
 */
export async function restoreBackup(options: RestoreOptions, context: Context, asking: Asking = {}): Promise<Restored> {
  try {
    const ground = await lookAtGround(options.env, context);
    const chosen = await chooseSafely(ground, options, context);
    await consent(ground, options, chosen.backup.name, context, asking);
    const attempt: Attempt = { chosen, options, keptAs: null, touched: false, after: undefined };
    const call = { ...ground, command: 'oms backup restore', action: 'restore', why: options.why ?? null } as const;
    return await runLocked(call, context, async (run) => {
      const value = await work(run, attempt, context);
      return { value, detail: detailOf(value) };
    });
  } finally {
    await context.remote.close();
  }
}
