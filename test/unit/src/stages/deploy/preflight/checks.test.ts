import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DOCKER_CHECKS } from '../../../../../../src/stages/deploy/preflight/docker-checks.ts';
import { type HostFacts, parseSurvey, skewOf } from '../../../../../../src/stages/deploy/preflight/facts.ts';
import { SYSTEM_CHECKS } from '../../../../../../src/stages/deploy/preflight/system-checks.ts';
import { privatePorts } from '../../../../../../src/stages/deploy/preflight/wanted-ports.ts';
import { aSite, localHost } from '../../../../../helpers/sites.ts';

const NOW = 1_795_263_055_000;
const ASKED = { sent: NOW, received: NOW + 500 };

/** What a healthy Debian 13 with Docker answers; an empty value leaves the line out. */
function answer(parts: Record<string, string> = {}): string {
  const lines: Record<string, string> = {
    'clock-start': `${(NOW + 100) / 1_000}`,
    user: 'deploy',
    root: 'sudo',
    'os-id': 'debian',
    'os-version': '13',
    'os-name': 'Debian GNU/Linux 13 (trixie)',
    architecture: 'x86_64',
    kernel: '6.12.0',
    'disk-home': '/dev/vda1 50000000 3000000',
    'disk-docker': '/dev/vda1 50000000 3000000',
    'memory-total': '8000000',
    'clock-synchronized': 'yes',
    'docker-client': 'Docker version 26.1.5',
    'docker-server': '26.1.5+dfsg1',
    'docker-info': '2 overlay2 /var/lib/docker',
    compose: '2.26.1-4',
    cgroup: '2',
    overlay: 'yes',
    python: 'Python 3.13.5',
    'clock-end': `${(NOW + 400) / 1_000}`,
    ...parts,
  };
  const controllers = 'controller\tmemory\ncontroller\tpids';
  const told = Object.entries(lines).filter(([, value]) => value !== '');
  return `${told.map(([key, value]) => `${key}\t${value}`).join('\n')}\n${parts.controller === '' ? '' : controllers}\n`;
}

const facts = (parts: Record<string, string> = {}): HostFacts => parseSurvey('shop-1', answer(parts), ASKED);

function judge(id: string, parts: Record<string, string> = {}, host = localHost()) {
  const check = [...SYSTEM_CHECKS, ...DOCKER_CHECKS].find((one) => one.id === id)!;
  return check.judge({ site: aSite({ home: '/opt/oms' }), host, facts: facts(parts) });
}

suite('checks of a server', () => {
  test('a healthy server passes all of them', () => {
    const input = { site: aSite({ home: '/opt/oms' }), host: localHost(), facts: facts() };
    const bad = [...SYSTEM_CHECKS, ...DOCKER_CHECKS].filter((check) => (check.judge(input)?.state ?? 'ok') !== 'ok');
    assert.deepEqual(
      bad.map(({ id }) => id),
      [],
    );
  });

  const cases: [id: string, parts: Record<string, string>, state: string, why: RegExp][] = [
    ['system', { 'os-id': 'rocky', 'os-name': 'Rocky Linux 9.5' }, 'fail', /Rocky Linux 9\.5 is not supported/],
    ['system', { 'os-version': '11', 'os-name': 'Debian 11' }, 'fail', /Debian 11 is too old/],
    ['system', { 'os-version': '14', 'os-name': 'Debian 14' }, 'warn', /newer than what was tried \(13\)/],
    ['system', { 'os-id': 'ubuntu', 'os-version': '24.04', 'os-name': 'Ubuntu 24.04' }, 'ok', /Ubuntu/],
    ['system', { 'os-id': '' }, 'warn', /does not say/],
    ['architecture', { architecture: 'armv7l' }, 'fail', /no images for armv7l/],
    ['sudo', { root: 'no-sudo' }, 'fail', /there is no sudo/],
    ['sudo', { root: 'refused: sudo: a password is required' }, 'fail', /asks deploy for a password/],
    ['sudo', { root: 'refused: deploy is not in the sudoers file.' }, 'fail', /may not use sudo: deploy is not in/],
    [
      'disk',
      { 'disk-home': '/dev/vda1 4000000 1', 'disk-docker': '/dev/vda1 4000000 1' },
      'fail',
      /3\.8 GiB free.*7\.4 GiB needed/,
    ],
    ['disk', { 'disk-docker': '/dev/vdb1 3000000 99999' }, 'fail', /2\.9 GiB free for \/var\/lib\/docker, 6\.0 GiB/],
    ['disk', { 'disk-docker': '/dev/vdb1 9000000 99999' }, 'warn', /8\.6 GiB free for \/var\/lib\/docker/],
    ['disk', { 'disk-docker': '/dev/vdb1 90000000 100' }, 'fail', /only 100 more files/],
    ['disk', { 'disk-docker': '/dev/vdb1 90000000 0' }, 'ok', /./],
    ['memory', { 'memory-total': '1000000' }, 'fail', /977 MiB of memory, 3\.0 GiB wanted for web, app, data/],
    ['memory', { 'memory-total': '2000000' }, 'warn', /1\.9 GiB/],
    [
      'clock',
      { 'clock-start': `${(NOW + 5_000) / 1_000}`, 'clock-end': `${(NOW + 5_100) / 1_000}` },
      'warn',
      /4\.6 s ahead/,
    ],
    [
      'clock',
      { 'clock-start': `${(NOW - 60_000) / 1_000}`, 'clock-end': `${(NOW - 59_900) / 1_000}` },
      'fail',
      /1 m 0 s behind/,
    ],
    ['clock', { 'clock-synchronized': 'no' }, 'warn', /nothing keeps it so/],
    ['kernel', { overlay: 'no' }, 'fail', /no overlay file system/],
    ['kernel', { cgroup: '' }, 'fail', /no control groups/],
    ['kernel', { controller: '' }, 'warn', /memory and pids controller/],
    ['python', { python: '' }, 'fail', /no python3/],
    ['docker', { 'docker-client': '', 'docker-server': '' }, 'ok', /will be installed/],
    ['docker', { 'docker-client': 'podman version 5.4', 'docker-server': '5.4.0' }, 'fail', /is Podman/],
    ['docker', { 'docker-server': '20.10.24+dfsg1' }, 'fail', /20\.10\.24\+dfsg1 is older than 25\.0/],
    ['docker', { 'docker-info': '2 overlay2 /var/snap/docker/common' }, 'fail', /snap's Docker/],
    ['docker', { 'docker-server': '', 'docker-error': 'permission denied' }, 'fail', /permission denied/],
    ['compose', { compose: '' }, 'ok', /will be installed/],
    ['compose', { compose: '2.3.3' }, 'fail', /2\.3\.3 is older than 2\.24/],
    ['project', { 'project-folder': '/opt/oms' }, 'ok', /ours/],
  ];
  for (const [id, parts, state, why] of cases) {
    test(`${id}: ${state}, ${why.source}`, () => {
      const verdict = judge(id, parts)!;
      assert.equal(verdict.state, state);
      assert.match(verdict.why, why);
      assert.ok(state !== 'fail' || verdict.next.length > 0, 'a failure says what to do');
    });
  }

  test('ports are asked of the servers that have the proxy alone', () => {
    const parts = { port: '80 program apache2' };
    assert.equal(judge('ports', parts)?.state, 'fail');
    assert.equal(judge('ports', parts, localHost({ groups: ['data'] })), undefined);
  });

  test('where servers are several, ports between them are asked, too', () => {
    const [web, app] = [localHost({ groups: ['web'] }), localHost({ name: 'app-1', groups: ['app', 'data'] })];
    const site = aSite({ hosts: [web, app], replicas: { producer: 2, consumer: 1 } });
    assert.deepEqual(privatePorts(web, site), []);
    assert.deepEqual(privatePorts(app, site), [3306, 5672, 10_000, 9100, 9101, 9120, 9121, 9140, 9160, 9180, 8080]);
    const facts = parseSurvey('app-1', answer({ port: '9100 program node_exporter' }), ASKED);
    const check = DOCKER_CHECKS.find(({ id }) => id === 'ports')!;
    const verdict = check.judge({ site, host: app, facts })!;
    assert.deepEqual([verdict.state, verdict.why], ['fail', 'port 9100 is taken by node_exporter']);
    assert.doesNotMatch(verdict.next.join(), /--http-port/);
    const free = parseSurvey('app-1', answer(), ASKED);
    assert.equal(check.judge({ site, host: app, facts: free })?.why, '11 for the other servers free');
  });
});

suite('reading what a server says', () => {
  test('clocks differ at least by what cannot be on the way', () => {
    const offset = fc.integer({ min: -100_000, max: 100_000 });
    const wait = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(offset, wait, wait, wait, (skew, there, work, back) => {
        const server = { start: NOW + there + skew, end: NOW + there + work + skew };
        const found = skewOf(server, { sent: NOW, received: NOW + there + work + back });
        assert.ok(Math.abs(found) <= Math.abs(skew));
        assert.ok(Math.abs(skew) - Math.abs(found) <= Math.max(there, back));
      }),
    );
  });

  test('half an answer is none', () => {
    assert.throws(
      () => parseSurvey('shop-1', answer().slice(0, 40), ASKED),
      /what shop-1 says of itself is not understood/,
    );
    assert.throws(() => parseSurvey('shop-1', answer({ 'clock-end': '' }), ASKED), /not understood/);
  });
});
