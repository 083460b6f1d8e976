import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import type { DeployPlan, ServicePlan } from '../../../../../src/stages/deploy/deploy-plan.ts';
import { planReport } from '../../../../../src/stages/deploy/plan-view.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';

const service = (name: string, changes: Partial<ServicePlan> = {}): ServicePlan => ({
  ...{ service: name, group: 'web', hosts: ['shop-1'], change: 'unchanged', why: [], update: 'one-by-one' },
  ...{ colours: null, interruptionSeconds: 0 },
  ...changes,
});

const plan = (changes: Partial<DeployPlan> = {}): DeployPlan => ({
  ...{ site: 'demo', release: 'r-bbbbbbbbbbbb', running: 'r-aaaaaaaaaaaa' },
  hosts: [{ name: 'shop-1', groups: ['web', 'app', 'data'], release: 'r-aaaaaaaaaaaa', unreachable: null }],
  services: [
    service('mysql', {
      group: 'data',
      update: 'in-place',
      change: 'changed',
      why: ['secret'],
      interruptionSeconds: 15,
    }),
    service('producer', {
      ...{ group: 'app', update: 'colour', change: 'changed', why: ['image', 'settings'] },
      colours: { from: 'a', to: 'b' },
    }),
    service('web1', { change: 'changed', why: ['image'] }),
    service('web2', { change: 'changed', why: ['image'] }),
    service('web3'),
  ],
  files: [{ path: 'traefik/dynamic/routes.yml', change: 'changed' }],
  images: [{ reference: 'oms-app:0123456789ab', how: 'build', hosts: ['shop-1'] }],
  migrations: { expand: ['009_more.sql'], contract: [] },
  colours: { producer: 'b', consumer: 'a' },
  ...{ refused: null, notes: [], unchanged: false },
  ...changes,
});

suite('a plan for people', () => {
  test('tells what changes, why and how', () => {
    assert.equal(
      planReport(plan(), plainTerminal()),
      [
        'demo: release r-bbbbbbbbbbbb instead of r-aaaaaaaaaaaa',
        '',
        'service    change     because of       how',
        '─────────  ─────────  ───────────────  ────────────────────',
        'mysql      changed    secret           restarts, about 15 s',
        'producer   changed    image, settings  a -> b, side by side',
        'web1 web2  changed    image            one by one, drained',
        'web3       unchanged',
        '',
        'image     oms-app:0123456789ab, built on shop-1',
        'schema    1 migration before the new code: 009_more.sql',
        'file      traefik/dynamic/routes.yml: changed',
        '',
        'Restarts: mysql (about 15 s, no order is taken).',
        '',
        '5 services: 4 changed, 1 unchanged.',
      ].join('\n'),
    );
  });

  test('says so when there is nothing to change', () => {
    const quiet = plan({
      services: [service('web1')],
      files: [],
      images: [],
      migrations: { expand: [], contract: [] },
      unchanged: true,
    });
    assert.match(planReport(quiet, plainTerminal()), /\nNothing to change\.$/);
  });

  test('names a first release, notes and refusals', () => {
    const text = planReport(
      plan({
        running: null,
        notes: ['web-1 could not be read (refused)'],
        refused: { why: 'it removes too much', next: 'wait' },
      }),
      plainTerminal(),
    );
    assert.match(text, /^demo: release r-bbbbbbbbbbbb, the first one\n/);
    assert.match(text, /\nNote: web-1 could not be read \(refused\)\.\n/);
    assert.match(text, /\nRefused: it removes too much\.\n {2}next {2}wait$/);
  });

  test('fits 80 columns with many servers and long names', () => {
    const hosts = Array.from({ length: 12 }, (_, index) => `web-server-number-${index}`);
    const wide = plan({
      hosts: hosts.map((name) => ({ name, groups: ['web'], release: null, unreachable: null })),
      services: [service('web1', { hosts, change: 'changed', why: ['image', 'settings', 'secret', 'files'] })],
      images: [{ reference: 'mcr.microsoft.com/azure-storage/azurite:3.36.0', how: 'pull', hosts }],
    });
    for (const line of planReport(wide, plainTerminal()).split('\n')) assert.ok(stringWidth(line) <= 80, line);
  });
});
