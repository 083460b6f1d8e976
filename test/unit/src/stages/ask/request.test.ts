import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { withReaderUrl, zoneOf } from '../../../../../src/stages/ask/request.ts';
import { deployedSite } from '../../../../helpers/deployed-site.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const request = { environment: 'demo', continue: false };

suite('where a question is asked', () => {
  test('days begin in the zone of the site, and its file is read once for all that is asked of it', async (t) => {
    const context = deployedSite(t, { site: { timeZone: 'Europe/Paris' } });
    assert.equal(await zoneOf(request, context), 'Europe/Paris');
    rmSync(join(context.settings.dir, 'demo', 'deploy.json'));
    assert.equal(await zoneOf(request, context), 'Europe/Paris');
    assert.match(await withReaderUrl(request, context, async (url) => url), /^mysql:\/\/oms_ask:/);
    await assert.rejects(zoneOf({ ...request }, context), { code: 'not_deployed' });
  });

  test('a zone that is said comes before that of the site or of the settings; one that is none is refused', async (t) => {
    const here = quietContext(tempFolder(t));
    assert.equal(await zoneOf({ continue: false }, here), here.settings.timeZone);
    for (const asked of [{ continue: false }, request]) {
      const context = deployedSite(t, { site: { timeZone: 'Europe/Paris' } });
      assert.equal(await zoneOf({ ...asked, timeZone: 'Asia/Tokyo' }, context), 'Asia/Tokyo');
      await assert.rejects(zoneOf({ ...asked, timeZone: 'Middle/Earth' }, context), { code: 'usage' });
    }
  });
});
