import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { realAnsible } from './real-ansible.ts';
import { siteOnThisMachine, type TestPlay, type TestRelease } from './site-on-this-machine.ts';

export const FIRST: TestRelease = { id: '111111111111', previous: null, colours: { producer: 'a', consumer: 'a' } };
const APP = ['setup', 'producer-b', 'consumer-b', 'producer-a', 'consumer-a', 'pages1', 'pages2'];
export const SECOND: TestRelease = {
  id: '222222222222',
  previous: FIRST.id,
  colours: { producer: 'b', consumer: 'b' },
  before: FIRST.colours,
  changed: [...APP, 'web1', 'web2', 'web3', 'notifier'],
};

export const ROUTES = 'traefik/dynamic/routes.yml';

/** What is asked of docker for one web server. */
export const replaced = (web: string) => [`exec ${web} touch /tmp/drain`, `up ${web}`];

export function assertWell({ recap, results }: TestPlay): void {
  assert.deepEqual(recap.failed, []);
  assert.ok(results.length > 0);
}

export const failedTasks = ({ recap }: TestPlay) => recap.failed.map(({ host, task }) => `${host}: ${task}`);

/** Undefined where the machine has no Ansible. */
export async function setUp(t: TestContext) {
  const engine = await realAnsible(t);
  return engine && siteOnThisMachine(t, engine);
}

export type Server = NonNullable<Awaited<ReturnType<typeof setUp>>>;
