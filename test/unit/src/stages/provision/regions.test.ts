import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  nearMisses,
  REGION_NAMES,
  redundancyProblem,
  regionProblem,
} from '../../../../../src/stages/provision/regions.ts';

test('every region that is offered is one', () => {
  assert.equal(REGION_NAMES.length, 35);
  for (const region of REGION_NAMES) assert.equal(regionProblem('--region', region), undefined);
});

const MEANT: [text: string, first: string][] = [
  ['westeurop', 'westeurope'],
  ['useast', 'eastus'],
  ['eastus1', 'eastus'],
  ['europewest', 'westeurope'],
  ['swedencentrall', 'swedencentral'],
  ['nortehurope', 'northeurope'],
];
for (const [text, first] of MEANT) {
  test(`${text} is answered with ${first}`, () => {
    assert.equal(nearMisses(text)[0], first);
    const problem = regionProblem('--region', text)!;
    assert.equal(problem.code, 'usage');
    assert.equal(problem.message, `--region: ${text} is no region with availability zones for Event Hubs`);
    assert.match(problem.why!, new RegExp(`^did you mean ${first}`));
    assert.equal(problem.next[0], `--region ${first}`);
  });
}

test('what is like nothing is answered with all there are', () => {
  for (const text of ['moon', 'eu-west-1', 'constructor', 'toString']) {
    const { why } = regionProblem('--secondary-region', text)!;
    assert.match(why!, /^there are australiaeast, .*, westus3$/);
  }
});

test('the second copy of an archive needs a paired region, or one with geo-zones', () => {
  assert.equal(redundancyProblem('westeurope', 'RAGRS'), undefined);
  assert.equal(redundancyProblem('westeurope', 'RAGZRS'), undefined);
  assert.match(redundancyProblem('italynorth', 'RAGRS')!, /italynorth has no paired region/);
  assert.equal(redundancyProblem('japanwest', 'RAGRS'), undefined);
  assert.match(redundancyProblem('japanwest', 'RAGZRS')!, /there is no RA-GZRS storage in japanwest/);
});
