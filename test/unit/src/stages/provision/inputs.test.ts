import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { EnvironmentOptions } from '../../../../../src/config/provision-options.ts';
import type { Context } from '../../../../../src/context.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { Environment } from '../../../../../src/stages/provision/environment.ts';
import { resolveCertificate, resolveEnvironment } from '../../../../../src/stages/provision/inputs.ts';
import type { Prompts } from '../../../../../src/ui/ask.ts';
import { SUBSCRIPTION, savedEnvironment, TENANT } from '../../../../helpers/environment.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const ACCOUNT = { subscriptionId: SUBSCRIPTION, tenantId: TENANT };
const PRINCIPAL = '16fd2706-8baf-433b-82eb-8c7fada847da';
const OTHER = '9b2d5c3e-1f4a-4b6c-8d7e-0a1b2c3d4e5f';
const RANGE = '203.0.113.0/24';
const NEEDED = {
  ...{ region: 'westeurope', rate: 5_000, eventBytes: 1_024 },
  ...{ allowedRanges: [RANGE], principal: PRINCIPAL },
};

/** Answers in the order they will be asked for; a wrong one has to be refused before the next is taken. */
function answering(...answers: string[]): Prompts & { asked: string[]; refusals: string[] } {
  const asked: string[] = [];
  const refusals: string[] = [];
  const next = (message: string) => {
    asked.push(message.split(' ')[0]!);
    const answer = answers.shift();
    assert.notEqual(answer, undefined, `nobody answers "${message}"`);
    return answer!;
  };
  return {
    asked,
    refusals,
    async text({ message, validate }) {
      for (;;) {
        const answer = next(message);
        const verdict = validate(answer);
        if (verdict === true) return answer;
        refusals.push(verdict);
      }
    },
    async choice({ message, choices }) {
      const answer = next(message);
      assert.ok(choices.includes(answer));
      return answer;
    },
  };
}

const nobody = answering();

interface Setting {
  dir: string;
  context: Context;
  notes: string[];
}

function setting(t: TestContext, options: { saved?: Environment; interactive?: boolean } = {}): Setting {
  const dir = tempFolder(t);
  const notes: string[] = [];
  if (options.saved) {
    mkdirSync(join(dir, 'demo'));
    writeFileSync(join(dir, 'demo', 'environment.json'), JSON.stringify(options.saved));
  }
  const terminal = plainTerminal({ interactive: options.interactive ?? false, notes });
  return { dir, notes, context: { ...quietContext(dir), terminal } };
}

const resolve = (
  { context }: Setting,
  options: Partial<EnvironmentOptions>,
  { account = ACCOUNT, prompts = nobody }: { account?: typeof ACCOUNT | undefined; prompts?: Prompts } = {},
) => resolveEnvironment({ env: 'demo', ...options }, context, account, prompts);

async function failure(promise: Promise<unknown>): Promise<OmsError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof OmsError, String(error));
    return error;
  }
  throw new Error('nothing was thrown');
}

suite('a new environment', () => {
  test('is made of flags and what az says, and nothing is written', async (t) => {
    const at = setting(t);
    const environment = await resolve(at, NEEDED);
    assert.ok(Compile(Environment).Check(environment));
    assert.deepEqual(
      environment,
      savedEnvironment({
        allowedRanges: [RANGE],
        alertEmails: [],
        monthlyBudget: null,
        applicationObjectId: PRINCIPAL,
      }),
    );
    assert.deepEqual(readdirSync(at.dir), []);
  });

  test('takes everything from flags', async (t) => {
    const environment = await resolve(setting(t), {
      ...NEEDED,
      subscription: OTHER,
      tenant: OTHER,
      secondaryRegion: 'northeurope',
      sku: 'Premium',
      units: 4,
      partitions: 16,
      captureIntervalSeconds: 60,
      archiveRedundancy: 'RAGZRS',
      allowedRanges: ['203.0.113.7/32'],
      privateEndpointSubnetId: '/subscriptions/x',
      customerManagedKey: true,
      alertEmails: ['a@example.com'],
      budget: 12.5,
      sasFallback: true,
      state: 'local',
    });
    assert.ok(Compile(Environment).Check(environment));
    assert.deepEqual(environment.capacity, { sku: 'Premium', units: 4, maximumUnits: 0, partitions: 16 });
    assert.deepEqual(
      [environment.subscriptionId, environment.tenantId, environment.secondaryRegion, environment.state.kind],
      [OTHER, OTHER, 'northeurope', 'local'],
    );
    assert.deepEqual(
      [environment.captureIntervalSeconds, environment.archiveRedundancy, environment.customerManagedKey],
      [60, 'RAGZRS', true],
    );
  });

  test('where nobody can be asked, everything that is missing is named at once', async (t) => {
    const error = await failure(resolveEnvironment({ env: 'demo' }, setting(t).context, undefined, nobody));
    assert.equal(error.code, 'usage');
    assert.equal(
      error.message,
      'missing: --subscription ID (or az login), --tenant ID (or az login), --region NAME, --rate ORDERS-A-SECOND, --allow-ip CIDR (or --private-endpoint-subnet ID), --certificate FILE (or --principal ID, or --sas-fallback)',
    );
  });

  for (const entry of [{ certificate: 'x.pem' }, { principal: PRINCIPAL }, { sasFallback: true }]) {
    test(`${Object.keys(entry)[0]} lets the apps in`, async (t) => {
      await resolve(setting(t), { region: 'westeurope', rate: 100, allowedRanges: [RANGE], ...entry });
    });
  }

  test('a subnet for private endpoints is a way in, too', async (t) => {
    const { allowedRanges: _, ...rest } = NEEDED;
    assert.match((await failure(resolve(setting(t), rest))).message, /^missing: --allow-ip CIDR/);
    assert.match((await failure(resolve(setting(t), { ...rest, allowedRanges: [] }))).message, /^missing: --allow-ip/);
    await resolve(setting(t), { ...rest, privateEndpointSubnetId: '/subscriptions/x' });
  });

  test('a plan alone needs neither certificate, region nor addresses, and says which region it took', async (t) => {
    const at = setting(t);
    const environment = await resolve(at, { rate: 5_000, planOnly: true });
    assert.equal(environment.region, 'westeurope');
    assert.match(at.notes.join(), /planned for westeurope/);
  });

  test('on a terminal what is missing is asked for, wrong answers again', async (t) => {
    const prompts = answering(
      ...['swedencentral', '5,000', '5k', '', '10.0.0.0/8', '203.0.113.7 198.51.100.0/24'],
      ...['ops', 'ops@example.com, me@example.com'],
    );
    const environment = await resolve(setting(t, { interactive: true }), {}, { prompts });
    assert.deepEqual(prompts.asked, ['Region', 'Orders', 'Orders', 'Public', 'Public', 'Public', 'Mail', 'Mail']);
    assert.match(
      prompts.refusals.join('\n'),
      /got "5,000"[\s\S]*nobody reaches[\s\S]*a public address[\s\S]*got "ops"/,
    );
    assert.deepEqual(
      [environment.region, environment.workload.rate, environment.allowedRanges, environment.alertEmails],
      ['swedencentral', 5_000, ['203.0.113.7/32', '198.51.100.0/24'], ['ops@example.com', 'me@example.com']],
    );
  });

  test('a plan alone asks for nothing that it can be drawn up without', async (t) => {
    const prompts = answering('swedencentral', '5');
    await resolve(setting(t, { interactive: true }), { planOnly: true }, { prompts });
    assert.deepEqual(prompts.asked, ['Region', 'Orders']);
  });

  test('a wrong region is told before anything is asked, and only those are offered that can keep the archive', async (t) => {
    const at = setting(t, { interactive: true });
    assert.equal((await failure(resolve(at, { region: 'westeurop' }))).code, 'usage');
    let offered: readonly string[] = [];
    const prompts: Prompts = {
      ...answering('5', RANGE, ''),
      choice: async ({ choices }) => {
        offered = choices;
        return choices[0]!;
      },
    };
    await resolve(at, { archiveRedundancy: 'RAGZRS' }, { prompts });
    assert.deepEqual([offered.length, offered.includes('japanwest')], [25, false]);
  });

  test('what flags say is not asked for', async (t) => {
    const prompts = answering('');
    const environment = await resolve(setting(t, { interactive: true }), NEEDED, { prompts });
    assert.deepEqual([prompts.asked, environment.alertEmails], [['Mail'], []]);
  });

  const WRONG: [options: Partial<EnvironmentOptions>, code: string, message: RegExp][] = [
    [{ region: 'westeurop' }, 'usage', /--region: westeurop is no region/],
    [{ secondaryRegion: 'mars' }, 'usage', /--secondary-region: mars is no region/],
    [{ secondaryRegion: 'westeurope' }, 'usage', /a pair has two regions/],
    [{ region: 'italynorth' }, 'usage', /--archive-redundancy: italynorth has no paired region/],
    [{ customerManagedKey: true }, 'usage', /--customer-managed-key is of Premium alone/],
    [{ eventsPerOrder: 8 }, 'refused', /a Standard namespace cannot hold 40,000 events\/s/],
    [{ env: 'windows' }, 'usage', /--env/],
  ];
  for (const [options, code, message] of WRONG) {
    test(`${JSON.stringify(options)} is ${code}`, async (t) => {
      const error = await failure(resolve(setting(t), { ...NEEDED, ...options }));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.next.length > 0);
    });
  }
});

suite('an environment that was saved', () => {
  test('is as it was when nothing is said', async (t) => {
    for (const interactive of [false, true]) {
      const saved = savedEnvironment({ capacity: { sku: 'Standard', units: 20, maximumUnits: 30, partitions: 16 } });
      assert.deepEqual(await resolve(setting(t, { saved, interactive }), {}), saved);
    }
  });

  test('keeps its subscription whatever az is set to', async (t) => {
    const account = { subscriptionId: OTHER, tenantId: OTHER };
    const { subscriptionId } = await resolve(setting(t, { saved: savedEnvironment() }), {}, { account });
    assert.equal(subscriptionId, SUBSCRIPTION);
  });

  test('changes in what can change', async (t) => {
    const environment = await resolve(setting(t, { saved: savedEnvironment() }), {
      allowedRanges: ['198.51.100.0/24'],
      alertEmails: ['new@example.com'],
      budget: 9,
      captureIntervalSeconds: 120,
      secondaryRegion: 'northeurope',
    });
    assert.deepEqual(
      environment,
      savedEnvironment({
        allowedRanges: ['198.51.100.0/24'],
        alertEmails: ['new@example.com'],
        monthlyBudget: 9,
        captureIntervalSeconds: 120,
        secondaryRegion: 'northeurope',
      }),
    );
  });

  test('gets units for another load, and keeps its partitions', async (t) => {
    const at = setting(t, { saved: savedEnvironment() });
    const { capacity } = await resolve(at, { rate: 7_500 });
    assert.deepEqual(capacity, { sku: 'Standard', units: 9, maximumUnits: 18, partitions: 8 });
    const less = await resolve(at, { rate: 100 });
    assert.deepEqual(less.capacity, { sku: 'Standard', units: 1, maximumUnits: 2, partitions: 8 });
  });

  test('keeps units of its own while the load stays the same', async (t) => {
    const saved = savedEnvironment({ capacity: { sku: 'Standard', units: 20, maximumUnits: 30, partitions: 8 } });
    const { capacity } = await resolve(setting(t, { saved }), { maximumUnits: 40 });
    assert.deepEqual(capacity, { sku: 'Standard', units: 20, maximumUnits: 40, partitions: 8 });
  });

  test('counts the usual size of events anew when their number changes, and not a size that was given', async (t) => {
    const usual = savedEnvironment({ workload: { rate: 500, eventBytes: 1_693, eventsPerOrder: 1, consumers: 1 } });
    assert.equal((await resolve(setting(t, { saved: usual }), { eventsPerOrder: 8 })).workload.eventBytes, 972);
    const given = await resolve(setting(t, { saved: savedEnvironment() }), { rate: 500, eventsPerOrder: 8 });
    assert.equal(given.workload.eventBytes, 1_024);
  });

  test('refuses a load its partitions cannot carry', async (t) => {
    const error = await failure(resolve(setting(t, { saved: savedEnvironment() }), { rate: 9_000 }));
    assert.equal(error.code, 'refused');
    assert.match(error.message, /demo has 8 partitions, too few for this load/);
    assert.match(error.why!, /it needs 9 .* can never change them/);
  });

  test('is never told to become Premium, which it cannot', async (t) => {
    const at = setting(t, { saved: savedEnvironment() });
    assert.match((await failure(resolve(at, { rate: 50_000 }))).message, /demo has 8 partitions, too few/);
    const { next, message } = await failure(resolve(at, { rate: 5_000, consumers: 15 }));
    assert.match(message, /a Standard namespace cannot hold/);
    assert.deepEqual(next, [
      'oms provision --env demo --rate 4551 --event-bytes 1024 --events-per-order 1 --consumers 15  # the most that Standard holds',
    ]);
  });

  test('grows in partitions on Premium, and never shrinks', async (t) => {
    const capacity = { sku: 'Premium', units: 8, maximumUnits: 0, partitions: 16 } as const;
    const at = setting(t, { saved: savedEnvironment({ capacity }) });
    assert.equal((await resolve(at, { rate: 20_000 })).capacity.partitions, 32);
    assert.equal((await resolve(at, { rate: 10 })).capacity.partitions, 16);
    assert.equal((await resolve(at, { partitions: 64 })).capacity.partitions, 64);
    assert.match((await failure(resolve(at, { partitions: 8 }))).why!, /--partitions is 16, not 8: .* they only grow/);
  });

  const FINAL: [options: Partial<EnvironmentOptions>, why: RegExp][] = [
    [{ subscription: OTHER }, /--subscription is .*: nothing moves between subscriptions/],
    [{ tenant: OTHER }, /--tenant is .*: roles and identities/],
    [{ region: 'northeurope' }, /--region is westeurope, not northeurope: resources stay/],
    [{ sku: 'Premium' }, /--sku is Standard, not Premium: to and from Premium the namespace is replaced/],
    [{ partitions: 16 }, /--partitions is 8, not 16: on Standard partitions are final/],
    [{ archiveRedundancy: 'RAGZRS' }, /--archive-redundancy is RAGRS, not RAGZRS: the account/],
    [{ customerManagedKey: true }, /--customer-managed-key is off, not on: Azure takes a key of your own/],
    [{ state: 'local' }, /--state is azure, not local: Terraform's state would be left behind/],
  ];
  for (const [options, why] of FINAL) {
    test(`keeps what ${JSON.stringify(options)} would change`, async (t) => {
      const error = await failure(resolve(setting(t, { saved: savedEnvironment() }), options));
      assert.equal(error.code, 'refused');
      assert.match(error.why!, why);
      assert.match(error.next.join('\n'), /leave out --[\s\S]*oms destroy --env demo/);
    });
  }

  test('names everything that cannot change at once, and takes the same again', async (t) => {
    const at = setting(t, { saved: savedEnvironment() });
    const { message } = await failure(resolve(at, { region: 'eastus', sku: 'Premium' }));
    assert.equal(message, 'demo cannot be changed in --region, --sku');
    const same = {
      region: 'westeurope',
      sku: 'Standard',
      partitions: 8,
      subscription: SUBSCRIPTION.toUpperCase(),
    } as const;
    assert.deepEqual(await resolve(at, same), { ...savedEnvironment() });
  });

  test('that is damaged is told, never made anew', async (t) => {
    const at = setting(t, { saved: savedEnvironment() });
    writeFileSync(join(at.dir, 'demo', 'environment.json'), '{');
    assert.equal((await failure(resolve(at, NEEDED))).code, 'input_file');
  });
});

suite('the certificate', () => {
  const without = savedEnvironment({ applicationObjectId: null });
  const certificate = (
    t: TestContext,
    options: Partial<EnvironmentOptions>,
    environment: Environment,
    prompts: Prompts,
  ) => resolveCertificate({ env: 'demo', ...options }, environment, setting(t, { interactive: true }).context, prompts);

  test('is asked for where nothing else lets the apps in', async (t) => {
    assert.equal(await certificate(t, {}, without, answering('-rf', 'oms.pem')), 'oms.pem');
    assert.equal(await certificate(t, {}, without, answering('')), undefined);
  });

  test('is not asked for where it was given, is not needed, or nothing is made', async (t) => {
    assert.equal(await certificate(t, { certificate: 'a.pem' }, without, nobody), 'a.pem');
    assert.equal(await certificate(t, {}, savedEnvironment(), nobody), undefined);
    assert.equal(await certificate(t, { sasFallback: true }, without, nobody), undefined);
    assert.equal(await certificate(t, { planOnly: true }, without, nobody), undefined);
  });
});
