import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '@cdktn/hcl2json';
import { backendFile, firstOfMonth, terraformVariables } from '../../../../src/render/terraform.ts';
import { environmentPaths } from '../../../../src/stages/provision/environment.ts';
import { CAPTURE_FILE_BYTES } from '../../../../src/stages/provision/sizing/limits.ts';
import { SUBSCRIPTION, savedEnvironment, TENANT } from '../../../helpers/environment.ts';

const template = (file: string) =>
  readFileSync(new URL(`../../../../templates/terraform/${file}`, import.meta.url), 'utf8');

interface Declared {
  type: string;
  default?: unknown;
  ephemeral?: boolean;
}

const parsed = await parse('variables.tf', template('variables.tf'));
const declared = Object.fromEntries(
  Object.entries(parsed.variable as Record<string, Declared[]>).map(([name, [variable]]) => [name, variable!]),
);

const occasion = { firstOfMonth: firstOfMonth(new Date('2026-11-21T08:00:00Z')), deployerObjectId: TENANT };
const rendered: Record<string, unknown> = terraformVariables(savedEnvironment(), occasion);

/** Names of the attributes of "${object({ a = string, b = number })}". */
const attributesOf = (type: string): string[] => [...type.matchAll(/(\w+)\s*=\s*/g)].map((match) => match[1]!).sort();

test('every value is of a variable of the template, and none that has to be given is left out', () => {
  const names = Object.keys(rendered);
  assert.deepEqual(
    names.filter((name) => !(name in declared)),
    [],
  );
  const needed = Object.entries(declared).filter(([, variable]) => !('default' in variable) && !variable.ephemeral);
  assert.deepEqual(
    needed.map(([name]) => name).filter((name) => !names.includes(name)),
    [],
  );
});

test('secrets are not among them', () => {
  const ephemeral = Object.entries(declared).filter(([, variable]) => variable.ephemeral);
  assert.deepEqual(
    ephemeral.map(([name]) => name),
    ['secrets'],
  );
  assert.ok(!('secrets' in rendered));
});

for (const name of ['names', 'capacity', 'archive', 'budget'] as const) {
  test(`${name} has exactly the attributes of its type`, () => {
    assert.deepEqual(Object.keys(rendered[name] as object).sort(), attributesOf(declared[name]!.type));
  });
}

test('hubs have exactly the attributes of their type', () => {
  for (const hub of Object.values(rendered.hubs as object)) {
    assert.deepEqual(Object.keys(hub).sort(), attributesOf(declared.hubs!.type));
  }
});

const SIMPLE: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  'list(string)': (value) => Array.isArray(value) && value.every((part) => typeof part === 'string'),
};

test('simple values have the type that is declared, or are null where that is the default', () => {
  for (const [name, value] of Object.entries(rendered)) {
    const { type, default: otherwise } = declared[name]!;
    const fits = SIMPLE[type.replace(/^\$\{|\}$/g, '')];
    if (fits) assert.ok(fits(value) || (value === null && otherwise === null), `${name} is ${value}, not ${type}`);
  }
});

test('sized hubs have the partitions of the capacity, the dead letters their own', () => {
  const hubs = rendered.hubs as Record<string, { partitions: number; capture: boolean }>;
  assert.deepEqual(
    Object.entries(hubs).map(([name, { partitions, capture }]) => [name, partitions, capture]),
    [
      ['orders', 8, true],
      ['order-events', 8, true],
      ['orders-dlq', 2, false],
    ],
  );
});

test('a budget begins with the month; without one there is none', () => {
  assert.deepEqual(rendered.budget, { amount: 500, start_date: '2026-11-01T00:00:00Z' });
  assert.equal(terraformVariables(savedEnvironment({ monthlyBudget: null }), occasion).budget, null);
});

test('the cloud is that of the region', () => {
  const cloudOf = (region: string) => terraformVariables(savedEnvironment({ region }), occasion).cloud;
  assert.deepEqual(['westeurope', 'usgovvirginia', 'chinanorth3'].map(cloudOf), ['public', 'usgovernment', 'china']);
});

test('archive files are as large as the sizing counts them', () => {
  assert.match(template('modules/namespace/main.tf'), new RegExp(`size_limit_in_bytes += ${CAPTURE_FILE_BYTES}`));
});

test('the state is reached without a key, or lies in a file', () => {
  const paths = environmentPaths('/srv/shop/.oms', 'demo');
  const { state } = savedEnvironment();
  assert.ok(state.kind === 'azure');
  assert.deepEqual(backendFile(savedEnvironment(), paths), {
    terraform: {
      backend: {
        azurerm: {
          subscription_id: SUBSCRIPTION,
          tenant_id: TENANT,
          resource_group_name: 'rg-oms-state',
          storage_account_name: state.account,
          container_name: 'tfstate',
          key: 'demo.tfstate',
          use_azuread_auth: true,
          environment: 'public',
        },
      },
    },
  });
  assert.deepEqual(backendFile(savedEnvironment({ state: { kind: 'local' } }), paths), {
    terraform: { backend: { local: { path: '/srv/shop/.oms/demo/terraform.tfstate' } } },
  });
});
