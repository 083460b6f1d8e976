import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';
import { DOMAIN, type LabSite } from './lab-site.ts';

/** A deployment that has to stop beforehand, and what it has to say. */
interface Refused {
  what: string;
  args: string[];
  exit: number;
  code: string;
  says: RegExp;
  /** On the server as root: before, and after. */
  begin?: string;
  end?: string;
}

const DEMO = ['deploy', '--env', 'demo', '--yes'];
const TAKEN_PORT = 8444;
const LISTEN = `systemd-run --quiet --unit=other python3 -m http.server ${TAKEN_PORT}`;
const LISTENS = `for i in $(seq 50); do ss -ltn | grep -q ':${TAKEN_PORT} ' && exit 0; sleep 0.2; done; exit 1`;
const HELD = 'mkdir /opt/oms/lock';

function otherKey(folder: string): string {
  const file = join(folder, 'other-key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return file;
}

async function refusals({ server, folder, certificates }: LabSite): Promise<Refused[]> {
  const [certificate, key] = [certificates.certFile, certificates.keyFile];
  const yesterday = new Date(Date.now() - 86_400_000);
  const expired = await makeCertificates(join(folder, 'expired'), [DOMAIN], yesterday);
  const asVisitor = ['--hosts', `${server.powerlessUser}@${server.address}`, '--identity', server.identityFile];
  const site = ['--domain', DOMAIN, '--events', 'local', '--certificate', certificate, '--certificate-key', key];
  return [
    {
      ...{ what: 'wrong key', exit: 5, code: 'host_unreachable', says: /refuse|denied|key/i },
      args: [...DEMO, '--identity', otherKey(folder)],
    },
    {
      ...{ what: 'no sudo', exit: 5, code: 'preflight_failed', says: /sudo asks visitor for a password/ },
      args: ['deploy', '--env', 'other', '--yes', ...asVisitor, ...site],
    },
    {
      ...{ what: 'port taken', exit: 5, code: 'preflight_failed', says: new RegExp(`port ${TAKEN_PORT} is taken`) },
      args: [...DEMO, '--https-port', String(TAKEN_PORT)],
      ...{ begin: `${LISTEN}; ${LISTENS}`, end: 'systemctl stop other' },
    },
    {
      ...{ what: 'lock held', exit: 3, code: 'deploy_locked', says: /held by/, args: DEMO },
      ...{ begin: HELD, end: 'rmdir /opt/oms/lock' },
    },
    {
      ...{ what: 'certificate expired', exit: 5, code: 'preflight_failed', says: /has expired/ },
      args: [...DEMO, '--certificate', expired.certFile, '--certificate-key', expired.keyFile],
    },
  ];
}

/** What a deployment would change: containers, images, what lies in the site's folder. */
const STATE =
  'docker ps --quiet --no-trunc; docker images --quiet | sort; find /opt/oms -type f -printf "%p %T@\\n" | grep -v /data/';

/** @returns names of what was refused, each with nothing changed on the server. */
export async function assertRefusals(site: LabSite): Promise<string[]> {
  const told: string[] = [];
  for (const { what, args, exit, code, says, begin = 'true', end = 'true' } of await refusals(site)) {
    const before = await site.shell(STATE);
    await site.shell(begin);
    const failure = await site.failure(args).finally(() => site.shell(end));
    assert.deepEqual({ exit: failure.exit, code: failure.code }, { exit, code }, `${what}: ${JSON.stringify(failure)}`);
    assert.match(`${failure.message} ${failure.why}`, says, what);
    assert.ok(failure.next.length > 0, what);
    assert.equal(await site.shell(STATE), before, what);
    told.push(what);
  }
  return told;
}
