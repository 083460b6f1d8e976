import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Check } from '../../../../../../src/stages/deploy/preflight/check.ts';
import {
  type Preflight,
  preflight,
  preflightError,
  toPreflight,
} from '../../../../../../src/stages/deploy/preflight/preflight.ts';
import { preflightReport } from '../../../../../../src/stages/deploy/preflight/preflight-report.ts';
import type { Site } from '../../../../../../src/stages/deploy/site.ts';
import { quietContext } from '../../../../../helpers/quiet-context.ts';
import { aSite, localHost, refusingHost, withPrograms } from '../../../../../helpers/sites.ts';
import { tempFolder } from '../../../../../helpers/temp-folder.ts';

const TERMINAL = { width: 140, style: (_: unknown, text: string) => text };

function setUp(t: TestContext, programs: Record<string, string> = {}) {
  withPrograms(t, { docker: 'exit 1', 'dpkg-query': 'exit 1', ...programs });
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  mkdirSync(home);
  const context = quietContext(join(folder, 'oms'));
  t.after(() => context.remote.close());
  const look = (site: Partial<Site> = {}) => preflight(aSite({ home, ...site }), context);
  return { home, folder, context, look };
}

const of = ({ checks }: Preflight, id: string, host: string | null = 'shop-1') =>
  checks.find((check) => check.id === id && check.host === host) as Check;

/** A Docker that answers like a healthy one, with these containers. */
const docker = (answers: { server?: string; publish?: string; folders?: string } = {}) => `case "$*" in
  --version) echo 'Docker version 28.5.2, build 1';;
  'version --format'*) echo '${answers.server ?? '28.5.2'}';;
  info*) echo '2 overlay2 /var/lib/docker';;
  *publish=80*) echo '${answers.publish ?? ''}';;
  *publish=*) ;;
  'ps -a'*) echo '${answers.folders ?? ''}';;
  'compose version'*) echo 2.40.3;;
  *) exit 9;;
esac`;

suite('the preflight of a deployment', () => {
  test('asks this machine for real, once, and changes nothing', async (t) => {
    const { look, home } = setUp(t, { docker: docker() });
    const found = await look();
    const { memoryBytes, skewMs, architecture, os } = found.hosts['shop-1']!;
    assert.equal(architecture, execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim());
    assert.ok(memoryBytes! > 100e6 && os);
    assert.equal(skewMs, 0);
    assert.equal(of(found, 'docker').why, '28.5.2');
    assert.equal(of(found, 'compose').why, '2.40.3');
    assert.equal(of(found, 'lock').state, 'ok');
    assert.equal(of(found, 'state').why, 'nothing is deployed yet');
    assert.deepEqual(readdirSync(home), []);
  });

  test('a server that is away is one failure among the findings about the others', async (t) => {
    const { look } = setUp(t, { docker: docker() });
    const found = await look({ hosts: [localHost(), refusingHost({ name: 'shop-2', groups: ['app'] })] });
    assert.equal(of(found, 'reach', 'shop-1').state, 'ok');
    const away = of(found, 'reach', 'shop-2');
    assert.equal(away.state, 'fail');
    assert.match(away.why, /shop-2 \(127\.0\.0\.2\) cannot be reached: nothing listens on port 1/);
    assert.equal(found.checks.filter(({ host }) => host === 'shop-2').length, 1);
    assert.equal(found.ok, false);
  });

  test('a Docker that does not answer, a port that is taken by a container of somebody else, another project', async (t) => {
    const bad = setUp(t, { docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' });
    assert.match(of(await bad.look(), 'docker').why, /does not answer: Cannot connect to the Docker daemon/);
    const taken = setUp(t, { docker: docker({ publish: 'nginx of blog', folders: '/srv/oms' }) });
    const found = await taken.look();
    assert.match(of(found, 'ports').why, /port 80 is taken by the container nginx/);
    assert.equal(of(found, 'ports').next[1], 'docker stop nginx');
    assert.match(of(found, 'project').why, /already, of \/srv\/oms/);
    const ours = setUp(t, { docker: docker({ publish: 'oms-traefik-1 of oms' }) });
    assert.equal(of(await ours.look(), 'ports').why, '80 and 443 ours');
  });

  test('a port a program listens on', async (t) => {
    const { createServer } = await import('node:net');
    const server = createServer();
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { look } = setUp(t);
    const found = of(await look({ ports: { http: port, https: port } }), 'ports');
    assert.equal(found.state, 'fail');
    assert.match(found.why, new RegExp(`port ${port} is taken by`));
  });

  test('between servers a program on 127.0.0.1 is not in the way, one on all addresses is', async (t) => {
    const { createServer } = await import('node:net');
    const script = join(import.meta.dirname, '../../../../../../templates/server/survey.sh');
    const told = async (address: string) => {
      const server = createServer();
      t.after(() => server.close());
      await new Promise<void>((resolve) => server.listen(0, address, resolve));
      const { port } = server.address() as { port: number };
      withPrograms(t, { docker: 'exit 1', 'dpkg-query': 'exit 0' });
      const stdout = execFileSync('sh', [script, '/nowhere', 'oms', `${port}/private`], { encoding: 'utf8' });
      return stdout.includes(`port\t${port} program`);
    };
    assert.deepEqual([await told('127.0.0.1'), await told('::1'), await told('0.0.0.0')], [false, false, true]);
  });

  test('a Docker that is installed by half', async (t) => {
    const { look } = setUp(t, { 'dpkg-query': `printf 'iF \\tdocker.io\\nii \\tcontainerd\\n'` });
    const found = of(await look(), 'docker');
    assert.equal(found.why, 'installed by half: docker.io');
    assert.match(found.next[0] ?? '', /dpkg --configure -a/);
  });

  test('a sudo that wants a password', async (t) => {
    const { look } = setUp(t, {
      id: 'case "$1" in -u) echo 1000;; *) echo deploy;; esac',
      sudo: 'echo "sudo: a password is required" >&2; exit 1',
    });
    const found = of(await look(), 'sudo');
    assert.equal(found.why, 'sudo asks deploy for a password');
    assert.match(found.next[0] ?? '', /deploy ALL=\(ALL\) NOPASSWD: ALL/);
  });

  test('a lock, and what a deployment that was cut off has left', async (t) => {
    const { look, home } = setUp(t);
    mkdirSync(join(home, 'lock'));
    writeFileSync(join(home, 'lock', 'holder.json'), '{"half');
    const cut = { release: 'r-1', from: null, colours: { producer: 'a', consumer: 'a' }, phase: 'prepare' };
    writeFileSync(join(home, 'deploying.json'), JSON.stringify(cut));
    const found = await look();
    assert.match(of(found, 'lock').why, /held by somebody who has left no name/);
    assert.equal(of(found, 'state').state, 'warn');
    assert.match(of(found, 'state').why, /of r-1 was cut off in the phase "prepare"/);
  });

  test('domains that lead elsewhere, or nowhere, are warnings', async (t) => {
    const { context, look } = setUp(t);
    context.machine = { ...context.machine, resolveName: async (name) => (name === 'shop.test' ? ['192.0.2.2'] : []) };
    const found = await look({ domains: ['shop.test', 'new.test'], hosts: [localHost({ address: '192.0.2.1' })] });
    const why = found.checks.filter(({ id }) => id === 'dns');
    assert.deepEqual(
      why.map(({ state }) => state),
      ['warn', 'warn'],
    );
    assert.match(why[0]!.why, /none of the web servers \(192\.0\.2\.1\)/);
    assert.match(why[1]!.why, /has no address yet/);
  });

  test('one server named twice', async (t) => {
    const { look } = setUp(t);
    const found = await look({ hosts: [localHost(), localHost({ name: 'shop-2', groups: ['app'] })] });
    assert.match(of(found, 'same-machine', null).why, /shop-1 and shop-2 have one machine id/);
  });

  test('a shell that greets before it answers is told as such', async (t) => {
    const { look } = setUp(t, { sh: 'echo Welcome' });
    const found = of(await look(), 'reach');
    assert.match(found.why, /what shop-1 says of itself is not understood/);
  });
});

suite('what a preflight leads to', () => {
  const check = (id: string, state: Check['state'], next: string[] = []): Check => {
    return { id, title: `The ${id}`, host: 'shop-1', state, why: `what was found\u001b[2J of ${id}`, next };
  };

  test('the report names everything, failures last, and shows no escape sequence of a server', () => {
    const found = toPreflight([check('disk', 'fail', ['df -h']), check('dns', 'warn'), check('clock', 'ok')]);
    const report = preflightReport(found, TERMINAL);
    assert.ok(!report.includes('\u001b'));
    assert.match(
      report,
      /failed shop-1, The disk: .*\n {2}next {2}df -h\n\nNot ready: 1 of 3 checks failed, 1 warning\.$/,
    );
    assert.match(preflightReport(toPreflight([check('clock', 'ok')]), TERMINAL), /Ready to deploy\.$/);
  });

  test('one error with all that failed; its code says when it is the connection or the lock alone', () => {
    const codeOf = (...checks: Check[]) => preflightError(toPreflight(checks)).code;
    assert.equal(codeOf(check('reach', 'fail'), check('disk', 'warn')), 'host_unreachable');
    assert.equal(codeOf(check('lock', 'fail')), 'deploy_locked');
    assert.equal(codeOf(check('lock', 'fail'), check('disk', 'fail')), 'preflight_failed');
    const error = preflightError(toPreflight([check('disk', 'fail', ['df -h']), check('memory', 'fail', ['df -h'])]));
    assert.match(error.message, /2 things are not as a deployment needs them; nothing was changed/);
    assert.deepEqual(error.next, ['df -h']);
  });
});
