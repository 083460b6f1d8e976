import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Account } from '../../../../../src/stages/provision/preflight/account.ts';
import { bootstrapState, findState } from '../../../../../src/stages/provision/state-backend.ts';
import { CALLER, demoEnvironment, SUBSCRIPTION, TENANT } from '../../../../helpers/azure-answers.ts';
import { AZ_SAYS } from '../../../../helpers/fake-az.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';

const account: Account = {
  subscriptionId: SUBSCRIPTION,
  subscriptionName: 'Shop',
  tenantId: TENANT,
  objectId: CALLER,
  userName: 'ada@example.org',
  userType: 'User',
};

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-oms-state`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stomsstateabc123`;
/** Enough for what comes in the end, on any machine; and for what never comes. */
const [patience, impatience] = [
  { deadlineMs: 60_000, everyMs: 1 },
  { deadlineMs: 100, everyMs: 1 },
];

const notFound = (code: string) =>
  `ERROR: Not Found({"error":{"code":"${code}","message":"it could not be found."}})\n`;

const ROLE_EXISTS = 'ERROR: (RoleAssignmentExists) The role assignment already exists.\nCode: RoleAssignmentExists\n';

const HARDENED = {
  minimumTlsVersion: 'TLS1_2',
  supportsHttpsTrafficOnly: true,
  allowSharedKeyAccess: false,
  allowBlobPublicAccess: false,
};

/** A subscription as far as the state is concerned; calls that make something change it. */
function azure(there: Partial<ReturnType<typeof nothing>> = {}) {
  const now = { ...nothing(), ...there };
  const get = (isThere: boolean, json: unknown, code: string) => (isThere ? { json } : { stderr: notFound(code) });
  const make = (change: () => void) => () => {
    change();
    return { json: {} };
  };
  const blobs = () => ({
    properties: {
      isVersioningEnabled: now.versions,
      deleteRetentionPolicy: { enabled: now.versions },
      containerDeleteRetentionPolicy: now.versions ? { enabled: true } : null,
    },
  });
  const cloud = fakeCloud([
    {
      when: `--url ${GROUP}`,
      reply: () =>
        get(
          now.group,
          { location: 'northeurope', properties: { provisioningState: 'Succeeded' } },
          'ResourceGroupNotFound',
        ),
    },
    {
      when: `--url ${ACCOUNT}`,
      reply: () =>
        get(now.account, { properties: { ...HARDENED, allowSharedKeyAccess: !now.hardened } }, 'ResourceNotFound'),
    },
    { when: `${ACCOUNT}/blobServices/default`, reply: () => get(now.account, blobs(), 'ResourceNotFound') },
    {
      when: `${ACCOUNT}/blobServices/default/containers/tfstate`,
      reply: () => get(now.container, {}, 'ContainerNotFound'),
    },
    { when: 'group create', reply: make(() => Object.assign(now, { group: true })) },
    { when: 'storage account create', reply: make(() => Object.assign(now, { account: true, hardened: true })) },
    { when: 'storage account update', reply: make(() => Object.assign(now, { hardened: true })) },
    { when: 'blob-service-properties update', reply: make(() => Object.assign(now, { versions: true })) },
    { when: 'container-rm create', reply: make(() => Object.assign(now, { container: true })) },
    { when: 'rest --method put', reply: make(() => Object.assign(now, { role: true })) },
    {
      when: 'storage blob exists',
      reply: () => {
        const effective = now.role && now.looksUntilEffective-- <= 0;
        return effective ? { json: { exists: false } } : { stderr: AZ_SAYS.noBlobRole };
      },
    },
  ]);
  return { now, context: { ...quietContext('/nowhere'), cloud } };
}

const nothing = () => ({
  group: false,
  account: false,
  hardened: false,
  versions: false,
  container: false,
  role: false,
  looksUntilEffective: 2,
});
const everything = {
  group: true,
  account: true,
  hardened: true,
  versions: true,
  container: true,
  role: true,
  looksUntilEffective: 0,
};

const isChange = ([first, , third]: string[]) => (first === 'rest' ? third === 'put' : third !== 'exists');
const changes = (calls: readonly string[][]) => calls.filter(isChange).map((args) => args.slice(0, 4).join(' '));

suite("the state's place", () => {
  test('is made in order, in the region, and the role is waited for', async () => {
    const { context } = azure();
    const said: string[] = [];
    const made = await bootstrapState(demoEnvironment(), account, context, {
      patience,
      report: (text) => said.push(text),
    });
    assert.deepEqual(made, [
      'resource group rg-oms-state',
      'storage account stomsstateabc123',
      'versions kept in stomsstateabc123',
      'container tfstate',
      'role on stomsstateabc123',
    ]);
    assert.match(said.at(-1)!, /^waiting for the role to take effect/);
    const { calls } = context.cloud;
    const create = calls.find((args) => args.join(' ').startsWith('storage account create'))!.join(' ');
    for (const words of [
      '--location westeurope',
      '--min-tls-version TLS1_2',
      '--allow-shared-key-access false',
      '--allow-blob-public-access false',
      '--https-only true',
    ]) {
      assert.ok(create.includes(words), words);
    }
    const role = calls.find((args) => args[2] === 'put')!.join(' ');
    assert.match(role, new RegExp(`--url ${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/[0-9a-f-]{36} `));
    assert.match(role, new RegExp(`"principalId":"${CALLER}","principalType":"User"`));
    assert.ok(calls.every((args) => args[0] === 'rest' || args.includes('--subscription')));
  });

  test('that is there is left as it is', async () => {
    const { context } = azure(everything);
    assert.deepEqual(await bootstrapState(demoEnvironment(), account, context, { patience }), []);
    assert.deepEqual(changes(context.cloud.calls), []);
  });

  test('that a run which was cut off left behind is completed, in the region it was begun in', async () => {
    for (const [left, expected] of [
      [
        { ...nothing(), group: true },
        [
          'storage account create',
          'storage account blob-service-properties',
          'storage container-rm',
          'rest --method put',
        ],
      ],
      [{ ...everything, container: false, role: false }, ['storage container-rm', 'rest --method put']],
      [
        { ...everything, hardened: false, versions: false },
        ['storage account update', 'storage account blob-service-properties'],
      ],
    ] as const) {
      const { context } = azure(left);
      await bootstrapState(demoEnvironment(), account, context, { patience });
      const made = changes(context.cloud.calls);
      assert.deepEqual(
        made.map((words, index) => words.startsWith(expected[index] ?? '-')),
        expected.map(() => true),
        made.join(),
      );
      const create = context.cloud.calls.find((args) => args[2] === 'create' && args[1] === 'account');
      if (create) assert.ok(create.includes('northeurope'));
    }
  });

  test('a role that somebody gave a moment ago', async () => {
    const { now, context } = azure({ ...everything, role: false });
    const { az } = context.cloud;
    const exists = fakeCloud([{ when: 'rest --method put', stderr: ROLE_EXISTS }]);
    context.cloud.az = (args, schema, signal) => {
      if (args[2] !== 'put') return az(args, schema, signal);
      now.role = true;
      return exists.az(args, schema, signal);
    };
    const made = await bootstrapState(demoEnvironment(), account, context, { patience });
    assert.deepEqual(made, ['role on stomsstateabc123']);
  });

  test('a role that never takes effect', async () => {
    const { context } = azure({ ...everything, role: false, looksUntilEffective: 1_000_000 });
    await assert.rejects(bootstrapState(demoEnvironment(), account, context, { patience: impatience }), {
      code: 'azure_failed',
      why: /ada@example\.org still may not read/,
      next: ['Run oms provision again in a few minutes.'],
    });
  });

  test("a name that is somebody else's", async () => {
    const { context } = azure({ group: true });
    const { az } = context.cloud;
    const taken = fakeCloud([
      {
        when: 'create',
        stderr:
          'ERROR: (StorageAccountAlreadyTaken) The storage account named stomsstateabc123 is already taken.\nCode: StorageAccountAlreadyTaken\n',
      },
    ]);
    context.cloud.az = (args, schema, signal) =>
      args[2] === 'create' ? taken.az(args, schema) : az(args, schema, signal);
    await assert.rejects(bootstrapState(demoEnvironment(), account, context, { patience }), {
      code: 'azure_failed',
      message: 'the place of the state (stomsstateabc123) could not be made: StorageAccountAlreadyTaken',
    });
  });

  test('is not needed for a local state', async () => {
    const { context } = azure();
    const environment = demoEnvironment({ state: { kind: 'local' } });
    assert.deepEqual(await bootstrapState(environment, account, context), []);
    assert.equal(await findState(environment, context), 'there');
    assert.equal(context.cloud.calls.length, 0);
  });

  test('can be looked for without changing anything', async () => {
    for (const [left, expected] of [
      [{}, 'none'],
      [everything, 'there'],
      [{ ...everything, role: false }, 'denied'],
    ] as const) {
      const { context } = azure(left);
      assert.equal(await findState(demoEnvironment(), context), expected);
      assert.deepEqual(changes(context.cloud.calls), []);
    }
  });
});
