import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { profilesOf } from '../../../src/stages/deploy/release-parts/compose-files.ts';
import { stageFiles } from '../../../src/stages/deploy/stage-files.ts';
import { releaseOf, writeContexts } from '../../helpers/deploying.ts';
import { composeConfig, realCompose } from '../../helpers/docker-compose.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { testHost, testSite } from '../../helpers/sites.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

interface Config {
  services: Record<string, { image: string; labels: Record<string, string>; environment?: Record<string, string> }>;
}

const SITES = {
  'one server': testSite(),
  'three servers with Stripe and Azure': testSite({
    hosts: [
      testHost('web-1', { address: '192.0.2.1', groups: ['web'] }),
      testHost('app-1', { address: '192.0.2.2', groups: ['app'] }),
      testHost('data-1', { address: '192.0.2.3', groups: ['data'] }),
    ],
    payments: 'stripe',
    events: {
      ...{ kind: 'azure', namespace: 'shop.servicebus.windows.net', tenantId: 't', clientId: 'c' },
      ...{ certificate: '/keys/apps.pem', filesAccount: 'https://shop.blob.core.windows.net/' },
    },
  }),
};

for (const [what, site] of Object.entries(SITES)) {
  test(`the real Compose reads what is staged for ${what} as it is meant`, async (t) => {
    const program = await realCompose(t);
    if (!program) return;
    const context = quietContext(tempFolder(t));
    const made = await releaseOf(site, writeContexts(tempFolder(t)));
    const stage = await stageFiles(site, made, { weights: { a: 1, b: 0 } }, context);
    for (const { name } of site.hosts) {
      const folder = join(stage, name);
      mkdirSync(join(folder, 'secrets'));
      const files = made.composeFiles.map((file) => join(folder, file));
      const env = parseEnv(readFileSync(join(folder, '.env'), 'utf8')) as Record<string, string>;
      const { services } = (await composeConfig(program, { folder, files, profiles: profilesOf(site), env })) as Config;
      assert.equal(services['producer-a']?.image, made.release.images.app);
      assert.equal(services['producer-a']?.labels['oms.hash'], made.release.services['producer-a']);
      assert.equal(services.notifier?.environment?.OMS_ORDER_LINK, 'https://shop.example/orders/{order}');
      assert.equal(services.traefik?.labels['oms.hash'], made.release.services.traefik);
    }
  });
}
