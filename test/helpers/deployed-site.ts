import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Context } from '../../src/context.ts';
import type { Site } from '../../src/stages/deploy/site.ts';
import { type FakeContainer, fakeDocker } from './fake-docker.ts';
import { quietContext } from './quiet-context.ts';
import { aSite, withPrograms } from './sites.ts';
import { tempFolder } from './temp-folder.ts';

interface Deployed {
  site?: Partial<Site>;
  containers?: readonly FakeContainer[];
  /** Files of `secrets` by name. */
  secrets?: Record<string, string>;
  /** Where the database listens instead of MySQL's own port. */
  port?: number;
  docker?: string;
}

export const SITE_PASSWORDS = {
  ...{ admin: 'a-password-of-the-owner', app: 'a-password-of-the-apps' },
  ...{ ask: 'a-password-of-questions', sandbox: 'a-password-of-the-stand-in', backup: 'a-password-of-backups' },
};

const SECRETS = {
  'mysql-admin-password': SITE_PASSWORDS.admin,
  'mysql-app-password': SITE_PASSWORDS.app,
  'mysql-ask-password': SITE_PASSWORDS.ask,
};

const DATABASE: FakeContainer = { service: 'mysql', address: '127.0.0.1' };

/** What a command knows of "demo", a site of this machine with a Docker that is none. */
export function deployedSite(t: TestContext, deployed: Deployed = {}): Context {
  const { site = {}, containers = [DATABASE], secrets = SECRETS, port, docker } = deployed;
  withPrograms(t, { docker: docker ?? fakeDocker(containers) });
  const dir = join(tempFolder(t), 'oms');
  mkdirSync(join(dir, 'demo', 'secrets'), { recursive: true });
  writeFileSync(join(dir, 'demo', 'deploy.json'), JSON.stringify(aSite(site)));
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(dir, 'demo', 'secrets', name), `${value}\n`);
  const context = quietContext(dir);
  const { remote } = context;
  if (port === undefined) return context;
  const forward: typeof remote.forward = (target, to) => remote.forward(target, { ...to, port });
  return { ...context, remote: { ...remote, forward } };
}
