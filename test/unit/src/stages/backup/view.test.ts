import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BackupList } from '../../../../../src/stages/backup/results.ts';
import { lossReport, renderBackups, renderCreated, renderRestored } from '../../../../../src/stages/backup/view.ts';
import { aBackup, aDatabase } from '../../../../helpers/backups.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';

const look = plainTerminal({ width: 140 });

const entry = (parts: Partial<BackupList['backups'][number]> = {}): BackupList['backups'][number] => ({
  ...{ name: '20261121T023000Z', at: '2026-11-21T02:30:04Z', release: 'r-0123456789ab', schemaVersion: 8 },
  ...{ bytes: 2_048, orders: 1_200, newestOrderAt: '2026-11-21T02:29:59Z', file: 'whole', where: ['server', 'here'] },
  ...parts,
});

const list = (parts: Partial<BackupList> = {}): BackupList => ({
  ...{ environment: 'demo', away: null, restoring: null, backups: [entry()] },
  ...parts,
});

suite('what people see of backups', () => {
  test('a table, one line a backup', () => {
    const [head, , line] = renderBackups(list(), look).split('\n');
    assert.match(head!, /^name +made \(UTC\) +release +schema +size +orders +newest order +verified +where$/);
    assert.match(
      line!,
      /^20261121T023000Z +2026-11-21 02:30 +r-0123456789ab +8 +2\.0 KiB +1,200 +2026-11-21 02:29 +yes +server, here$/,
    );
    assert.match(renderBackups(list({ backups: [entry({ file: 'cut' })] }), look), /no: cut off/);
  });

  test('nothing yet; a server that is away; a restore that was cut off', () => {
    assert.equal(renderBackups(list({ backups: [] }), look), 'No backups yet: oms backup create --env demo');
    assert.match(
      renderBackups(list({ away: 'timed \u001b[2J out' }), look),
      /could not be asked: timed \\u\{1b\}\[2J out/,
    );
    assert.match(
      renderBackups(list({ restoring: '2026-11-21T12:00:00Z' }), look),
      /A restore was cut off at 2026-11-21 12:00/,
    );
  });

  test('what was made, and what to do with it', () => {
    const { name, at, release, schemaVersion, bytes, orders } = entry();
    const made = { environment: 'demo', name, at, release, schemaVersion, bytes, orders, seconds: 1.5 };
    const text = renderCreated(
      {
        ...made,
        where: 'shop-1:/opt/oms/backups/x.sql.gz',
        downloaded: null,
        removed: ['20260101T000000Z'],
        report: 'r',
      },
      look,
    );
    assert.equal(
      text,
      [
        'Backed up demo as 20261121T023000Z: 1,200 orders, 2.0 KiB, 1.5 s',
        '  where    shop-1:/opt/oms/backups/x.sql.gz',
        '  removed  20260101T000000Z',
        '  next     oms backup restore 20261121T023000Z --env demo',
      ].join('\n'),
    );
  });

  test('before a restore: what is there, what is in the backup, what comes back and what does not', () => {
    const chosen = { backup: aBackup(), sentFrom: null };
    const now = aDatabase();
    const since = { kind: 'all', why: 'the hub has every event since' } as const;
    const text = lossReport({ chosen, since, now, options: { backupFirst: true } }, look);
    assert.match(text, /now +160 orders, the newest of 2026-11-21 11:59 UTC/);
    assert.match(text, /backup +100 orders, the newest of 2026-11-21 02:29 UTC/);
    assert.match(text, /is stored again from the hub: the hub has every event since/);
    assert.match(text, /what is there is kept as a backup first/);
    const broken = aDatabase({ problem: 'no container of mysql runs on this server' });
    const worse = lossReport({ chosen, since, now: broken, options: { backupFirst: false } }, look);
    assert.match(worse, /cannot be read: no container of mysql/);
    assert.match(worse, /nothing of what is there is kept/);
  });

  test('after one', () => {
    const moment = (orders: number) => ({ orders, newestOrderAt: null, schemaVersion: 8 });
    const restored = { environment: 'demo', name: '20261121T023000Z', before: moment(160), backup: moment(100) };
    const text = renderRestored(
      { ...restored, after: moment(150), keptAs: '20261121T120000Z', behind: 10, seconds: 12.34, report: 'r' },
      look,
    );
    assert.match(text, /160 before, 100 in the backup, 150 now \(50 stored again\)/);
    assert.match(text, /10 events are still to be stored/);
    assert.match(text, /kept as 20261121T120000Z/);
  });
});
