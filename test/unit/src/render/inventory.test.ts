import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inventory, servicesOf } from '../../../../src/render/inventory.ts';
import type { Host, Site } from '../../../../src/stages/deploy/site.ts';
import { testSite } from '../../../helpers/site-on-this-machine.ts';

const host = (name: string, groups: Host['groups'], more: Partial<Host> = {}): Host => ({
  name,
  connection: 'ssh',
  address: `${name}.example`,
  privateAddress: null,
  port: 22,
  user: 'deploy',
  groups,
  ...more,
});

const site = (hosts: Host[], more: Partial<Site> = {}): Site => ({ ...testSite('/opt/oms'), hosts, ...more });
const paths = { knownHosts: '/home/o p/.oms/demo/known_hosts' };

suite('the inventory of a site', () => {
  test('a server is reached with the key of the site, without a question, and as root through sudo', () => {
    const { all } = inventory(site([host('shop-1', ['web', 'app', 'data'])], { identityFile: '/k' }), paths);
    const server = all.hosts['shop-1'] as Record<string, unknown>;
    assert.equal(server.ansible_host, 'shop-1.example');
    assert.equal(server.ansible_become, true);
    assert.equal(server.ansible_ssh_private_key_file, '/k');
    assert.equal(
      server.ansible_ssh_common_args,
      "-o 'BatchMode=yes' -o 'StrictHostKeyChecking=accept-new' -o 'UserKnownHostsFile=\"/home/o p/.oms/demo/known_hosts\"'" +
        " -o 'ConnectTimeout=10' -o 'ServerAliveInterval=5' -o 'ServerAliveCountMax=3' -o 'IdentitiesOnly=yes'",
    );
  });

  test('root needs no sudo, and this machine neither SSH nor a firewall', () => {
    const { all } = inventory(
      site([host('a', ['web'], { user: 'root' }), host('b', ['app', 'data'], { connection: 'local' })]),
      paths,
    );
    assert.equal((all.hosts.a as Record<string, unknown>).ansible_become, false);
    const local = all.hosts.b as Record<string, unknown>;
    assert.deepEqual(
      [local.ansible_connection, local.oms_firewall, local.oms_manages_server, local.ansible_ssh_common_args],
      ['local', false, false, undefined],
    );
  });

  test('groups decide which services run where, and who may reach whom', () => {
    const hosts = [
      host('web-1', ['web'], { address: '203.0.113.5', privateAddress: '10.0.0.5' }),
      host('web-2', ['web'], { address: '2001:db8::2' }),
      host('app-1', ['app'], { address: '203.0.113.6' }),
      host('data-1', ['data'], { address: '203.0.113.7', privateAddress: '10.0.0.7' }),
    ];
    const { all } = inventory(site(hosts, { backupAt: '01:30' }), paths);
    assert.deepEqual(Object.keys(all.children.web!.hosts), ['web-1', 'web-2']);
    const names = (name: string) => all.hosts[name]!.oms_services.map((service) => service.name);
    assert.deepEqual(names('web-1'), ['pages1', 'pages2', 'web1', 'web2', 'web3', 'traefik']);
    assert.deepEqual(names('data-1'), ['mysql', 'hub', 'blobs']);
    assert.deepEqual(all.hosts['web-1']!.oms_public_ports, [80, 443]);
    assert.deepEqual(all.hosts['data-1']!.oms_public_ports, []);
    assert.equal(all.vars.oms_backup_at, '01:30');
    const reach = (name: string) => [all.hosts[name]!.oms_site_hosts, all.hosts[name]!.oms_site_hosts6];
    const [web, app, data] = [['203.0.113.5', '10.0.0.5'], ['203.0.113.6'], ['203.0.113.7', '10.0.0.7']];
    assert.deepEqual(reach('web-1'), [[], []]);
    assert.deepEqual(reach('app-1'), [[...web, ...app, ...data], ['2001:db8::2']]);
    assert.deepEqual(reach('data-1'), [[...app, ...data], []]);
  });

  test('what a site does not have is on none of its servers', () => {
    const names = (more: Partial<Site>) => servicesOf(site([], more)).map(({ name }) => name);
    assert.ok(!names({ payments: 'stripe' }).includes('sandbox'));
    assert.ok(!names({ observability: false }).includes('grafana'));
    assert.ok(names({ observability: true }).includes('grafana'));
  });
});
