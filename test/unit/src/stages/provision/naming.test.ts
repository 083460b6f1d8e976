import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { environmentNameProblem } from '../../../../../src/config/azure-values.ts';
import {
  checkName,
  illegalName,
  type NameKind,
  resourceNames,
  stateStore,
} from '../../../../../src/stages/provision/naming.ts';

const SUBSCRIPTION = '0f8fad5b-d9cb-469f-a165-70867728950e';

const environments = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,19}$/)
  .filter((name) => environmentNameProblem(name) === undefined);

test('the names of an environment stay what they are', () => {
  assert.deepEqual(resourceNames('demo', SUBSCRIPTION), {
    resourceGroup: 'rg-oms-demo',
    namespace: 'evhns-oms-demo-5d8kqn',
    archiveAccount: 'omsarcdemo5d8kqn',
    filesAccount: 'omsfildemo5d8kqn',
    keyVault: 'kv-oms-demo-5d8kqn',
    logWorkspace: 'log-oms-demo',
    captureIdentity: 'id-oms-demo-capture',
    application: 'oms-demo-apps-5d8kqn',
  });
  assert.deepEqual(stateStore('demo', SUBSCRIPTION), {
    kind: 'azure',
    resourceGroup: 'rg-oms-state',
    account: 'omsstate2s5jr6ua',
    container: 'tfstate',
    key: 'demo.tfstate',
  });
});

test('any legal environment of any subscription has legal names', () => {
  fc.assert(
    fc.property(environments, fc.uuid(), (environment, subscription) => {
      assert.equal(illegalName(environment, resourceNames(environment, subscription)), undefined);
      const store = stateStore(environment, subscription);
      assert.ok(store.kind === 'azure' && checkName('stateAccount', store.account) === undefined);
    }),
    { numRuns: 1_000 },
  );
});

for (const environment of [
  'a',
  'a-',
  'a--b',
  'z'.repeat(20),
  `a${'-'.repeat(19)}`,
  'windo',
  'microsof',
  'x-sb',
  'x-mgmt',
  'login',
]) {
  test(`the environment "${environment}" has legal names`, () => {
    assert.equal(illegalName(environment, resourceNames(environment, SUBSCRIPTION)), undefined);
  });
}

test('environments that are written alike, and subscriptions, never share a name that is global', () => {
  fc.assert(
    fc.property(environments, fc.uuid(), fc.uuid(), (environment, one, other) => {
      fc.pre(one !== other);
      const names = [
        resourceNames(environment, one),
        resourceNames(environment, other),
        ...(environment.length < 20 ? [resourceNames(`${environment}-`, one)] : []),
      ];
      for (const kind of ['namespace', 'archiveAccount', 'filesAccount', 'keyVault', 'application'] as const) {
        assert.equal(new Set(names.map((of) => of[kind])).size, names.length);
      }
    }),
  );
});

test('a subscription is the same in capitals', () => {
  assert.deepEqual(resourceNames('demo', SUBSCRIPTION.toUpperCase()), resourceNames('demo', SUBSCRIPTION));
});

suite('what Azure does not take', () => {
  const ILLEGAL: [kind: NameKind, text: string][] = [
    ['namespace', 'oms-ns'],
    ['namespace', '1oms-namespace'],
    ['namespace', 'oms-namespace-'],
    ['namespace', 'oms-namespace-sb'],
    ['namespace', 'oms-namespace-mgmt'],
    ['namespace', 'oms_namespace'],
    ['namespace', `oms${'x'.repeat(48)}`],
    ['namespace', 'oms-windows-shop'],
    ['archiveAccount', 'ab'],
    ['archiveAccount', 'Archive'],
    ['archiveAccount', 'oms-archive'],
    ['filesAccount', 'x'.repeat(25)],
    ['keyVault', 'kv--oms'],
    ['keyVault', 'kv-oms-'],
    ['keyVault', 'x'.repeat(25)],
    ['resourceGroup', 'rg.'],
    ['resourceGroup', '-rf'],
    ['resourceGroup', ''],
    ['logWorkspace', '-log'],
    ['captureIdentity', 'id'],
    ['application', '@file'],
  ];
  for (const [kind, text] of ILLEGAL) {
    test(`${kind} "${text.slice(0, 20)}"`, () => assert.match(checkName(kind, text)!, /^expected|^Azure reserves/));
  }
  for (const text of ['-rf', '--help', '@file', 'a\nb', 'a\0b', '"x"', 'x'.repeat(10_240)]) {
    test(`nothing is called ${JSON.stringify(text.slice(0, 10))}`, () => {
      for (const kind of ['namespace', 'archiveAccount', 'keyVault', 'resourceGroup', 'application'] as const) {
        assert.notEqual(checkName(kind, text), undefined);
      }
    });
  }
});
