import { formatBytes, formatCount } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { visible } from '../../ui/visible.ts';
import type { SinceBackup } from './missing-events.ts';
import type { DatabaseNow, StoredBackup } from './records.ts';
import type { BackupCreated, BackupList, Restored } from './results.ts';

type Look = Pick<Terminal, 'style' | 'width'>;
type Row = BackupList['backups'][number];

const minute = (iso: string | null) => (iso ? visible(iso.slice(0, 16).replace('T', ' ')) : '-');

const VERIFIED = { whole: 'yes', cut: 'no: cut off', missing: 'no: file missing' } as const;

const COLUMNS: Column<Row>[] = [
  { title: 'name', value: ({ name }) => name },
  { title: 'made (UTC)', value: ({ at }) => minute(at) },
  { title: 'release', value: ({ release }) => visible(release ?? '-') },
  { title: 'schema', value: ({ schemaVersion }) => String(schemaVersion), align: 'right' },
  { title: 'size', value: ({ bytes }) => formatBytes(bytes), align: 'right' },
  { title: 'orders', value: ({ orders }) => formatCount(orders), align: 'right' },
  { title: 'newest order', value: ({ newestOrderAt }) => minute(newestOrderAt) },
  { title: 'verified', value: ({ file }) => VERIFIED[file] },
  { title: 'where', value: ({ where }) => where.join(', ') },
];

/** The newest first, and what to do next. */
export function renderBackups(list: BackupList, { width, style }: Look): string {
  const { environment, backups, away, restoring } = list;
  const notes = [
    ...(away === null ? [] : [`${style('yellow', 'The server could not be asked')}: ${visible(away)}`]),
    ...(restoring === null
      ? []
      : [`${style('yellow', 'A restore was cut off')} at ${minute(restoring)} UTC; restore again, or oms deploy.`]),
  ];
  if (backups.length === 0) {
    return [...notes, `No backups yet: oms backup create --env ${environment}`].join('\n');
  }
  return [...notes, renderTable(backups, COLUMNS, width)].join('\n\n');
}

/** What was made, and how to use it. */
export function renderCreated(made: BackupCreated, { style }: Look): string {
  const { name, environment, orders, bytes, seconds, where, downloaded, removed } = made;
  const size = `${formatCount(orders)} orders, ${formatBytes(bytes)}, ${seconds.toFixed(1)} s`;
  return [
    `${style('green', 'Backed up')} ${environment} as ${name}: ${size}`,
    `  where    ${where}`,
    ...(downloaded === null ? [] : [`  here     ${downloaded}`]),
    ...(removed.length === 0 ? [] : [`  removed  ${removed.join(', ')}`]),
    `  next     oms backup restore ${name} --env ${environment}`,
  ].join('\n');
}

interface Loss {
  chosen: { backup: StoredBackup; sentFrom: string | null };
  since: SinceBackup;
  now: DatabaseNow;
  options: { backupFirst: boolean };
}

const SINCE = {
  all: 'is stored again from the hub',
  unknown: 'may not all be stored again',
  gone: 'cannot all be stored again',
} as const;

/** What a restore would do, before anybody is asked. */
export function lossReport({ chosen, since, now, options }: Loss, { style }: Look): string {
  const { backup, sentFrom } = chosen;
  const stored = (orders: number, newest: string | null | undefined) =>
    `${formatCount(orders)} orders${newest ? `, the newest of ${minute(newest)} UTC` : ''}`;
  const there =
    now.problem === null
      ? stored(now.rows.orders ?? 0, now.newestOrder?.placedAt)
      : style('yellow', `cannot be read: ${visible(now.problem)}`);
  const colour = since.kind === 'all' ? 'green' : 'yellow';
  return [
    `Restoring ${backup.name} replaces the database.`,
    `  now      ${there}`,
    `  backup   ${stored(backup.rows.orders?.to ?? 0, backup.newestOrder?.placedAt)}${sentFrom ? ', sent from this machine' : ''}`,
    `  since    what came through the hub ${style(colour, SINCE[since.kind])}: ${visible(since.why)}`,
    '  lost     what did not: catalogue and stock that "oms seed" wrote since',
    '  mails    customers of orders since the backup may get theirs once more',
    `  before   ${options.backupFirst ? 'what is there is kept as a backup first' : style('yellow', 'nothing of what is there is kept')}`,
    '  shop     takes orders all the while; consumers rest for a moment',
    '',
  ].join('\n');
}

/** How it went, and what to look at. */
export function renderRestored(restored: Restored, { style }: Look): string {
  const { environment, name, before, backup, after, behind, keptAs, seconds } = restored;
  const again = after.orders - backup.orders;
  return [
    `${style('green', 'Restored')} ${environment} from ${name} in ${seconds.toFixed(1)} s`,
    `  orders   ${formatCount(before.orders)} before, ${formatCount(backup.orders)} in the backup, ${formatCount(after.orders)} now (${formatCount(Math.max(0, again))} stored again)`,
    ...(behind ? [`  behind   ${formatCount(behind)} events are still to be stored`] : []),
    ...(keptAs ? [`  before   kept as ${keptAs}`] : []),
    `  next     oms status --env ${environment}`,
  ].join('\n');
}
