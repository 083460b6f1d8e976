import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { Check } from 'typebox/value';
import type { SiteOptions } from '../../../../../src/config/deploy-options.ts';
import { parseHosts } from '../../../../../src/config/host-list.ts';
import type { Context } from '../../../../../src/context.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import { resolveSite } from '../../../../../src/stages/deploy/resolve-site.ts';
import { knownSite, saveSite } from '../../../../../src/stages/deploy/saved-site.ts';
import { Site, sitePaths } from '../../../../../src/stages/deploy/site.ts';
import type { Prompts } from '../../../../../src/ui/ask.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import { demoEnvironment, demoOutputs } from '../../../../helpers/provisioned.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const ONE: SiteOptions = {
  env: 'demo',
  hosts: parseHosts('deploy@203.0.113.5'),
  domains: ['shop.example.com'],
  acmeEmail: 'ops@example.com',
  events: 'local',
};
const CLIENT = '0f8fad5b-d9cb-469f-a165-70867728950e';

const contextIn = (t: TestContext, changes: Partial<Context> = {}): Context => ({
  ...quietContext(tempFolder(t)),
  ...changes,
});

/** As `oms provision` leaves an environment. */
function provisioned({ settings }: Context, objectId: string | null = null): void {
  const folder = join(settings.dir, 'demo');
  mkdirSync(folder, { recursive: true });
  const environment = demoEnvironment({ applicationObjectId: objectId });
  writeFileSync(join(folder, 'environment.json'), JSON.stringify(environment));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(demoOutputs()));
}

const refusal =
  (code: OmsError['code'], ...texts: RegExp[]) =>
  (error: unknown) => {
    const { code: found, message, why, next } = error as OmsError;
    assert.equal(found, code, String(error));
    for (const text of texts) assert.match([message, why, ...next].join('\n'), text);
    return true;
  };

const answers = (...given: string[]): Prompts & { asked: string[] } => {
  const asked: string[] = [];
  const reply = (message: string) => {
    asked.push(message);
    return given.shift() ?? assert.fail(`nobody answers: ${message}`);
  };
  return {
    asked,
    text: async ({ message, validate }) => {
      const answer = reply(message);
      assert.equal(validate(answer), true);
      return answer;
    },
    choice: async ({ message, choices }) => {
      const answer = reply(message);
      assert.ok(choices.includes(answer), choices.join());
      return answer;
    },
  };
};

suite('from flags', () => {
  test('one server with everything', async (t) => {
    const site = await resolveSite(ONE, contextIn(t));
    assert.ok(Check(Site, site));
    assert.deepEqual(site, {
      ...{ version: 1, name: 'demo', identityFile: null, home: '/opt/oms', domains: ['shop.example.com'] },
      hosts: [
        {
          ...{ name: 'shop-1', connection: 'ssh', address: '203.0.113.5', privateAddress: null, port: 22 },
          ...{ user: 'deploy', groups: ['web', 'app', 'data'] },
        },
      ],
      certificates: { kind: 'acme', email: 'ops@example.com', server: null },
      ports: { http: 80, https: 443 },
      events: { kind: 'local' },
      ...{ payments: 'sandbox', replicas: { producer: 2, consumer: 2 }, observability: false },
      ...{ timeZone: 'UTC', backupAt: '01:30' },
    });
  });

  test('several servers are called by what they carry', async (t) => {
    const hosts = parseHosts('web=a@192.0.2.1,web=a@192.0.2.2,app=a@192.0.2.3,data=a@192.0.2.4,app=a@192.0.2.4');
    const privateAddresses = [{ host: '192.0.2.4', address: '10.0.0.4' }];
    const site = await resolveSite({ ...ONE, hosts, privateAddresses }, contextIn(t));
    assert.deepEqual(
      site.hosts.map(({ name, privateAddress }) => [name, privateAddress]),
      [
        ['web-1', null],
        ['web-2', null],
        ['app-1', null],
        ['shop-1', '10.0.0.4'],
      ],
    );
  });

  test('--target local needs nothing else', async (t) => {
    const context = contextIn(t);
    const site = await resolveSite({ env: 'demo', target: 'local' }, context);
    assert.ok(Check(Site, site));
    assert.deepEqual(
      site.hosts.map(({ connection, address }) => [connection, address]),
      [['local', '127.0.0.1']],
    );
    assert.equal(site.home, join(context.settings.dir, 'demo', 'site'));
    const { certificates, ports, domains, events, payments } = site;
    assert.deepEqual(
      { certificates, ports, domains, events, payments },
      {
        ...{ certificates: { kind: 'self-signed' }, ports: { http: 8_080, https: 8_443 }, domains: ['localhost'] },
        ...{ events: { kind: 'local' }, payments: 'sandbox' },
      },
    );
  });

  test('--target local and servers are two things', async (t) => {
    await assert.rejects(resolveSite({ ...ONE, target: 'local' }, contextIn(t)), refusal('usage', /--hosts cannot go/));
  });

  test('a folder whose path Compose could misread is refused', async (t) => {
    const context = contextIn(t);
    const settings = { ...context.settings, dir: join(context.settings.dir, 'my orders') };
    const local = resolveSite({ env: 'demo', target: 'local' }, { ...context, settings });
    await assert.rejects(local, refusal('usage', /my orders/, /OMS_DIR/));
  });

  const wrong: [what: string, options: Partial<SiteOptions>, text: RegExp][] = [
    [
      'an authority for a name of nobody',
      { domains: ['shop.local'] },
      /no authority makes a certificate for shop\.local/,
    ],
    ['an authority for an address', { domains: ['203.0.113.5'] }, /203\.0\.113\.5, an address/],
    ['an authority at another port', { httpsPort: 8_443 }, /looks at port 443/],
    ['one port for two things', { httpPort: 443 }, /cannot share port 443/],
    ['the port of SSH', { hosts: parseHosts('a@h1:443') }, /port 443 of shop-1 is that of SSH/],
    ['a domain twice', { domains: ['a.example.com', 'a.example.com'] }, /a\.example\.com is there twice/],
    [
      'one private address for two servers',
      {
        hosts: parseHosts('web=a@192.0.2.1,app=a@192.0.2.2,data=a@192.0.2.3'),
        privateAddresses: ['192.0.2.1', '192.0.2.2'].map((host) => ({ host, address: '10.0.0.1' })),
      },
      /two of them at 10\.0\.0\.1/,
    ],
    [
      'servers that find each other by name',
      { hosts: parseHosts('web=a@192.0.2.1,app=a@192.0.2.2,data=a@db.example.com') },
      /--private-address db\.example\.com=ADDRESS/,
    ],
    ['a private address of a stranger', { privateAddresses: [{ host: 'h9', address: '10.0.0.1' }] }, /h9 is no server/],
    [
      'an authority without an address of mail',
      { acmeEmail: undefined, selfSigned: undefined, acmeServer: 'https://ca' },
      /acme-email/,
    ],
  ];
  for (const [what, options, text] of wrong) {
    test(`${what} is refused`, async (t) => {
      await assert.rejects(resolveSite({ ...ONE, ...options }, contextIn(t)), refusal('usage', text));
    });
  }

  test('everything that is missing is named at once', async (t) => {
    const flags = [/--hosts/, /--domain/, /--acme-email/, /--self-signed/, /--events/];
    await assert.rejects(resolveSite({ env: 'demo' }, contextIn(t)), refusal('usage', ...flags));
    const azure = resolveSite({ env: 'demo', events: 'azure' }, contextIn(t));
    await assert.rejects(azure, refusal('usage', /--hosts/, /--azure-certificate/));
  });
});

suite('what was said once', () => {
  test('is kept, and a flag changes it', async (t) => {
    const context = contextIn(t);
    const first = await resolveSite(
      { ...ONE, replicasProducer: 3, observability: true, identity: '/keys/id' },
      context,
    );
    await saveSite(first, context);
    assert.deepEqual(await knownSite('demo', context), first);
    assert.deepEqual(await resolveSite({ env: 'demo' }, context), first);
    const second = await resolveSite(
      { env: 'demo', selfSigned: true, observability: false, httpsPort: 8_443 },
      context,
    );
    assert.deepEqual(second, {
      ...first,
      ...{ certificates: { kind: 'self-signed' }, observability: false, ports: { http: 80, https: 8_443 } },
    });
  });

  test('a server keeps its name and its private address when others come and go', async (t) => {
    const context = contextIn(t);
    const split = 'web=a@192.0.2.1,web=a@192.0.2.2,app=a@192.0.2.3,data=a@192.0.2.4';
    const privateAddresses = [{ host: '192.0.2.2', address: '10.0.0.2' }];
    await saveSite(await resolveSite({ ...ONE, hosts: parseHosts(split), privateAddresses }, context), context);
    const other = 'web=a@192.0.2.9,web=a@192.0.2.2,app=a@192.0.2.3,data=a@192.0.2.4';
    const { hosts } = await resolveSite({ env: 'demo', hosts: parseHosts(other) }, context);
    assert.deepEqual(
      hosts.slice(0, 2).map(({ name, address, privateAddress }) => [name, address, privateAddress]),
      [
        ['web-1', '192.0.2.9', null],
        ['web-2', '192.0.2.2', '10.0.0.2'],
      ],
    );
  });

  const final: [what: string, options: Partial<SiteOptions>, text: RegExp][] = [
    [
      'the server of the database',
      { hosts: parseHosts('a@192.0.2.9') },
      /--hosts \(data\) is 203\.0\.113\.5, not 192\.0\.2\.9/,
    ],
    ['where events go', { events: 'azure' }, /--events is local, not azure/],
    ['the folder', { home: '/srv/oms' }, /--home/],
    ['the target', { target: 'local' }, /--target is servers/],
  ];
  for (const [what, options, text] of final) {
    test(`${what} stays`, async (t) => {
      const context = contextIn(t);
      await saveSite(await resolveSite(ONE, context), context);
      await assert.rejects(resolveSite({ env: 'demo', ...options }, context), refusal('refused', text, /ANOTHER-NAME/));
    });
  }

  const damages: [what: string, text: (site: Site) => string, why: RegExp][] = [
    ['half a file', () => '{"version": 1,', /no JSON/],
    ['another form', (site) => JSON.stringify({ ...site, ports: { http: 'x', https: 443 } }), /ports\.http/],
    ['a newer form', (site) => JSON.stringify({ ...site, version: 2 }), /newer oms/],
    ['another site', (site) => JSON.stringify({ ...site, name: 'other' }), /another environment/],
    [
      'an address that is an option of ssh',
      (site) => JSON.stringify({ ...site, hosts: [{ ...site.hosts[0]!, address: '-oProxyCommand=x' }] }),
      /neither a host name/,
    ],
  ];
  for (const [what, text, why] of damages) {
    test(`${what} is not passed over`, async (t) => {
      const context = contextIn(t);
      const site = await resolveSite(ONE, context);
      await saveSite(site, context);
      writeFileSync(sitePaths(context.settings.dir, 'demo').site, text(site));
      await assert.rejects(resolveSite(ONE, context), refusal('input_file', why));
    });
  }

  test('a site nobody has deployed is told of as such', async (t) => {
    await assert.rejects(knownSite('demo', contextIn(t)), refusal('not_deployed', /oms deploy --env demo/));
  });
});

suite('events in Azure', () => {
  const AZURE: SiteOptions = { ...ONE, events: 'azure', azureCertificate: '/keys/apps.pem' };

  test('namespace, account and tenant are those of oms provision; az knows the application', async (t) => {
    const cloud = fakeCloud([
      { when: 'ad sp show --id 33333333-3333-3333-3333-333333333333', json: { appId: CLIENT } },
    ]);
    const context = contextIn(t, { cloud });
    provisioned(context, '33333333-3333-3333-3333-333333333333');
    const { events } = await resolveSite(AZURE, context);
    assert.deepEqual(events, {
      ...{ kind: 'azure', namespace: 'evhns-oms-demo.servicebus.windows.net', clientId: CLIENT },
      ...{
        tenantId: demoEnvironment().tenantId,
        certificate: '/keys/apps.pem',
        filesAccount: 'https://stomsdemofile/',
      },
    });
  });

  test('--client-id does without az', async (t) => {
    const context = contextIn(t, { cloud: fakeCloud([]) });
    provisioned(context);
    const { events } = await resolveSite({ ...AZURE, clientId: CLIENT }, context);
    assert.equal(events.kind === 'azure' && events.clientId, CLIENT);
  });

  test('without a namespace there is nothing to deploy to', async (t) => {
    const text = [/oms provision --env demo/, /--events local/];
    await assert.rejects(resolveSite(AZURE, contextIn(t)), refusal('not_provisioned', ...text));
  });

  test('without a login az cannot say who signs in', async (t) => {
    const cloud = fakeCloud([{ when: 'ad app list', stderr: "ERROR: Please run 'az login' to setup account." }]);
    const context = contextIn(t, { cloud });
    provisioned(context);
    await assert.rejects(resolveSite(AZURE, context), refusal('login_missing', /az login/));
  });
});

suite('on a terminal', () => {
  test('what is missing is asked for, one thing after the other', async (t) => {
    const prompts = answers('deploy@h1', 'shop.example.com', 'self-signed, for a trial', "a hub of the site's own");
    const context = contextIn(t, { terminal: plainTerminal({ interactive: true }) });
    const site = await resolveSite({ env: 'demo' }, context, prompts);
    assert.equal(site.hosts[0]?.address, 'h1');
    assert.deepEqual([site.certificates.kind, site.events.kind], ['self-signed', 'local']);
    assert.equal(prompts.asked.length, 4);
  });

  test('of what was provisioned Azure comes first, and its certificate last', async (t) => {
    const azure = 'Azure Event Hubs, as oms provision made it';
    const prompts = answers(azure, './apps.pem');
    const context = contextIn(t, { terminal: plainTerminal({ interactive: true }) });
    provisioned(context);
    const site = await resolveSite({ ...ONE, events: undefined, clientId: CLIENT }, context, prompts);
    assert.equal(site.events.kind, 'azure');
    assert.match(prompts.asked.at(-1)!, /sign in to Event Hubs/);
  });
});
