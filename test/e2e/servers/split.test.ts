import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DeployResult } from '../../../src/stages/deploy/deploy.ts';
import { assertStored, atAnotherTime, DOMAIN, type LabSite, labSite } from '../../helpers/lab-site.ts';
import { labForTest } from '../../standins/servers/lab-for-test.ts';
import type { LabServer } from '../../standins/servers/server.ts';

const SERVERS = ['web-1', 'app-1', 'data-1'];
const DEPLOY = ['deploy', '--env', 'demo', '--yes'];

function firstDeployment({ certificates }: LabSite, servers: readonly LabServer[]): string[] {
  const place = ({ name, user, address }: LabServer) => `${name.split('-')[0]}=${user}@${address}`;
  return [
    ...[...DEPLOY, '--hosts', servers.map(place).join(','), '--identity', servers[0]!.identityFile],
    ...['--domain', DOMAIN, '--events', 'local', '--payments', 'sandbox', '--backup-at', atAnotherTime()],
    ...['--certificate', certificates.certFile, '--certificate-key', certificates.keyFile],
  ];
}

/** @returns "open" or "closed", as a program on the server finds it. */
async function portFrom(server: LabServer, to: string, port: number): Promise<string> {
  const { code } = await server.exec(['timeout', '3', 'bash', '-c', `exec 3<>/dev/tcp/${to}/${port}`]);
  return code === 0 ? 'open' : 'closed';
}

suite('oms deploy, on three servers', { timeout: 900_000 }, () => {
  test('each has its part, and the database is out of the reach of the web tier', { timeout: 900_000 }, async (t) => {
    const lab = await labForTest(t, { servers: SERVERS });
    if (!lab) return;
    const [web, app, data] = SERVERS.map((name) => lab.server(name)) as [LabServer, LabServer, LabServer];
    const site = await labSite(t, web, data);
    const { outcome, rollout } = await site.json<DeployResult>(firstDeployment(site, lab.servers));
    assert.equal(outcome, 'deployed');
    t.diagnostic(`${rollout!.seconds.toFixed(0)} s: bare servers are deployed to`);
    await site.seed();

    const count = await site.underLoad(async () => {
      const again = await site.json<DeployResult>([...DEPLOY, '--skip-base']);
      assert.equal(again.outcome, 'unchanged');
    }, 100);
    assert.deepEqual(count.failed, []);
    await assertStored(site, count.orders);
    await site.json(['verify', '--env', 'demo', '--wait', '60s']);
    t.diagnostic(`${count.requests} requests, 0 failed, ${count.orders.size} orders`);

    const doors: [LabServer, number, string][] = [
      [web, 3_306, 'closed'],
      [web, 5_672, 'closed'],
      [app, 3_306, 'open'],
    ];
    for (const [from, port, expected] of doors)
      assert.equal(await portFrom(from, data.address, port), expected, `${from.name} -> data-1:${port}`);

    assert.equal((await data.exec(['systemctl', 'start', 'oms-backup.service'])).code, 0);
    const { backups } = await site.json<{ backups: unknown[] }>(['backup', 'list', '--env', 'demo']);
    assert.equal(backups.length, 1);
    assert.match((await data.exec(['systemctl', 'is-enabled', 'oms-backup.timer'])).stdout, /^enabled/);

    const status = await site.json<{ health: string; hosts: unknown[] }>(['status', '--env', 'demo']);
    assert.deepEqual([status.health, status.hosts.length], ['healthy', 3]);
  });
});
