import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { OmsError } from '../../../../../../src/errors.ts';
import type { Capacity, Workload } from '../../../../../../src/stages/provision/environment.ts';
import { chooseCapacity } from '../../../../../../src/stages/provision/sizing/capacity.ts';
import { costDrivers } from '../../../../../../src/stages/provision/sizing/cost-drivers.ts';
import { workloadOf } from '../../../../../../src/stages/provision/sizing/load.ts';
import { costReport, sizingReport } from '../../../../../../src/stages/provision/sizing/report.ts';
import { sizeNamespace } from '../../../../../../src/stages/provision/sizing/sizing.ts';
import { plainTerminal } from '../../../../../helpers/plain-terminal.ts';

const terminal = plainTerminal({ width: 80 });

test('people see load, limits, what decides, tier, partitions, archive and the whole life', () => {
  const sizing = sizeNamespace(workloadOf({ rate: 5_000, eventBytes: 1_024, consumers: 3 }));
  const text = sizingReport(sizing, terminal, chooseCapacity(sizing)).replace(/\n {2}/g, ' ');
  for (const part of [
    '5,000 orders/s of 1 event with 1,024 B, read by 3 consumer groups',
    'a second     one TU   asked for    TU    whole life     TU',
    'data in      1 MB/s   4.89 MB/s  4.89    39.07 MB/s  39.07',
    'data out     2 MB/s  14.65 MB/s  7.33*  117.19 MB/s  58.60*',
    '* decides, times 1.2 for peaks within a second',
    'Standard: data out 7.33 x 1.2 = 8.79, rounded up: 9 TU; auto-inflate up to 18, never down by itself',
    'partitions: events 5.00, data 4.89 (1,000/s or 1 MB/s each) -> 8, for ever: Standard cannot change them',
    'Chosen: Standard, 9 throughput units, auto-inflate up to 18, 8 partitions a hub',
    'The whole life of an order (8 events, 8,192 B): 40,000 events/s with 39.07 MB/s',
    'Standard cannot hold it: data out 58.60 x 1.2 = 70.32, rounded up: 71 TU, more than the 40',
    'Premium: about 16 PU and 64 partitions (11.72 PU at 5 MB/s in and 10 MB/s out each: Microsoft gives a range, this is its low end',
    'archive     partitions     a day    a year  10 years  files/day  in 10 years',
    'asked for           16  442.4 GB  161.6 TB  1.616 PB      4,608   16,830,720',
    'The hubs keep 2,884 GB for 168 h; 9 TU with 84 GB each include 756 GB: the rest is billed as storage',
  ]) {
    assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
  }
});

test('who asks for the whole life sees it once', () => {
  const text = sizingReport(sizeNamespace(workloadOf({ rate: 500, eventsPerOrder: 8 })), terminal);
  assert.doesNotMatch(text, /whole life/i);
});

test('who chooses Premium where Standard would do sees what its units rest on', () => {
  const sizing = sizeNamespace(workloadOf({ rate: 500 }));
  assert.doesNotMatch(sizingReport(sizing, terminal, chooseCapacity(sizing)), /PU at/);
  const premium = chooseCapacity(sizing, { sku: 'Premium' });
  assert.match(sizingReport(sizing, terminal, premium), /Premium: about 1 PU .*0\.17 PU at 5 MB\/s in/);
});

const orRefused = (choose: () => Capacity): Capacity | undefined => {
  try {
    return choose();
  } catch (error) {
    if (error instanceof OmsError) return undefined;
    throw error;
  }
};

const workloads = fc.record<Workload>({
  rate: fc.integer({ min: 1, max: 100_000 }),
  eventBytes: fc.integer({ min: 1, max: 1_048_576 }),
  eventsPerOrder: fc.integer({ min: 1, max: 100 }),
  consumers: fc.integer({ min: 1, max: 99 }),
});

test('nothing is cut: what any tier holds is shown in full within 80 columns', () => {
  fc.assert(
    fc.property(workloads, fc.constantFrom('Standard', 'Premium'), (workload, sku) => {
      const sizing = sizeNamespace(workload);
      const capacity = orRefused(() => chooseCapacity(sizing, { sku: sku as Capacity['sku'] }));
      const drivers = capacity && costDrivers(sizing, { capacity, redundancy: 'RAGZRS', pair: true });
      const text = [sizingReport(sizing, terminal, capacity), ...(drivers ? [costReport(drivers, terminal)] : [])].join(
        '\n',
      );
      assert.doesNotMatch(text, /…|NaN|undefined|Infinity/);
      // What nothing holds may be as wide as its numbers.
      if (!sizing.standard.holds && !sizing.premium.holds) return;
      if (!sizing.life.premium.holds) return;
      for (const line of text.split('\n')) assert.ok(stringWidth(line) <= 80, line);
    }),
  );
});

test('a narrow terminal gets the same words', () => {
  const sizing = sizeNamespace(workloadOf({ rate: 5_000 }));
  const words = (width: number) => sizingReport(sizing, plainTerminal({ width })).split(/\s+/);
  assert.deepEqual(words(40), words(120));
});
