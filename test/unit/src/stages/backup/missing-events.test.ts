import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { eventsBehind, sinceBackup } from '../../../../../src/stages/backup/missing-events.ts';
import type { Site } from '../../../../../src/stages/deploy/site.ts';
import { aDatabase, aHub, aManifest } from '../../../../helpers/backups.ts';

const LOCAL = { events: { kind: 'local' } } as const;
const AZURE: Pick<Site, 'events'> = {
  events: {
    kind: 'azure',
    namespace: 'shop.servicebus.windows.net',
    tenantId: 't',
    clientId: 'c',
    certificate: 'c.pem',
    filesAccount: 'https://shop.blob.core.windows.net',
  },
};
const NOW = new Date('2026-11-21T12:00:00Z');
const days = (count: number) => new Date(Date.parse(aManifest().at) + count * 86_400_000);

suite('what the hub still has since a backup', () => {
  test('of the own hub: everything, as long as its first event is no later than behind the position', () => {
    assert.equal(sinceBackup(aManifest(), aHub(50), LOCAL, NOW).kind, 'all');
    assert.deepEqual(sinceBackup(aManifest(), aHub(53), LOCAL, NOW), {
      ...{ kind: 'gone', events: 6, why: 'the hub has dropped them by age' },
    });
  });

  test('a hub that was made anew since has lost what was between', () => {
    const since = sinceBackup(aManifest(), aHub(0, '2026-11-21T09:00:00.000Z'), LOCAL, NOW);
    assert.deepEqual(since, {
      ...{ kind: 'gone', events: null },
      why: 'the hub was made anew at 2026-11-21 09:00 UTC, after the backup',
    });
  });

  test('a partition that was never read is read from its beginning', () => {
    const manifest = { ...aManifest(), positions: aManifest().positions!.slice(0, 1) };
    assert.equal(sinceBackup(manifest, aHub(0), LOCAL, NOW).kind, 'all');
    assert.deepEqual(sinceBackup(manifest, aHub(1), LOCAL, NOW), {
      ...{ kind: 'gone', events: 1, why: 'the hub has dropped them by age' },
    });
  });

  test('a namespace drops events after seven days', () => {
    assert.equal(sinceBackup(aManifest(), null, AZURE, days(6.9)).kind, 'all');
    assert.deepEqual(sinceBackup(aManifest(), null, AZURE, days(8)), {
      ...{ kind: 'gone', events: null, why: 'the backup is 8.0 days old, and the hub keeps events for 7.0 days' },
    });
  });

  test('what cannot be told is not taken for well', () => {
    assert.equal(sinceBackup(aManifest(), null, LOCAL, NOW).kind, 'unknown');
    const { positions: _, ...old } = aManifest();
    assert.equal(sinceBackup(old, aHub(), LOCAL, NOW).kind, 'unknown');
  });

  test('however the partitions stand, exactly the events between position and first one are gone', () => {
    const numbers = fc.array(fc.tuple(fc.integer({ min: -1, max: 200 }), fc.integer({ min: 0, max: 200 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(numbers, (all) => {
        const positions = all.map(([sequence], partition) => ({ partition, hubCreatedAt: aHub().createdAt, sequence }));
        const partitions = all.map(([, firstSequence], id) => ({ id: `${id}`, firstSequence, lastSequence: 300 }));
        const since = sinceBackup({ ...aManifest(), positions }, { ...aHub(), partitions }, LOCAL, NOW);
        const gone = all.reduce((sum, [read, first]) => {
          let missing = 0;
          for (let event = read + 1; event < first; event++) missing++;
          return sum + missing;
        }, 0);
        return since.kind === (gone === 0 ? 'all' : 'gone') && (since.kind !== 'gone' || since.events === gone);
      }),
    );
  });
});

test('events that are still to be stored', () => {
  assert.equal(eventsBehind(aDatabase()), 0);
  assert.equal(eventsBehind(aDatabase({ positions: aManifest().positions! })), 60);
  assert.equal(eventsBehind(aDatabase({ hub: aHub(0, '2026-11-21T09:00:00.000Z') })), 160);
  assert.equal(eventsBehind(aDatabase({ hub: null })), null);
});
