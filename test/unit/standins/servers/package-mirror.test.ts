import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { isImmutable, mirrorPath, startPackageMirror } from '../../../standins/servers/package-mirror.ts';

/** Answers with how often it was asked, and 404 below /missing. */
async function startUpstream(t: TestContext): Promise<string> {
  let asked = 0;
  const server = createServer(({ url }, response) => {
    asked++;
    response.writeHead(url?.includes('missing') ? 404 : 200).end(`${asked}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/debian/`;
}

async function startMirror(t: TestContext, upstream: string) {
  const mirror = await startPackageMirror({ host: '127.0.0.1', upstream, folder: tempFolder(t) });
  t.after(() => mirror.stop());
  const get = (path: string) => fetch(new URL(path, mirror.url));
  return { mirror, get };
}

suite('the mirror of packages', () => {
  test('keeps what never changes, and fetches what does', async (t) => {
    const { mirror, get } = await startMirror(t, await startUpstream(t));
    const texts: string[] = [];
    for (const path of ['pool/main/a_1.deb', 'pool/main/a_1.deb', 'dists/trixie/InRelease', 'dists/trixie/InRelease']) {
      texts.push(await (await get(path)).text());
    }
    assert.deepEqual(texts, ['1', '1', '2', '3']);
    assert.deepEqual(mirror.counts, { kept: 1, fetched: 1 });
  });

  test('hands on that something is missing, and does not keep that', async (t) => {
    const { get } = await startMirror(t, await startUpstream(t));
    const statuses = [];
    for (const path of ['pool/missing.deb', 'pool/missing.deb']) statuses.push((await get(path)).status);
    assert.deepEqual(statuses, [404, 404]);
  });

  test('says when the mirror of the machine cannot be reached', async (t) => {
    const { get } = await startMirror(t, 'http://127.0.0.1:1/');
    assert.equal((await get('dists/trixie/InRelease')).status, 502);
  });

  test('gives nothing outside of its folder', () => {
    assert.equal(mirrorPath('/../../etc/passwd'), 'etc/passwd');
    assert.equal(mirrorPath('/pool/../../x'), 'x');
    assert.equal(mirrorPath('/%2e%2e/%2e%2e/x?y'), 'x');
    assert.equal(mirrorPath('/'), undefined);
  });

  test('takes packages and lists by their hash for good', () => {
    const hash = 'dists/trixie/main/binary-amd64/by-hash/SHA256/0a1b';
    assert.deepEqual(['pool/main/a/a_1.deb', hash].map(isImmutable), [true, true]);
    assert.deepEqual(['dists/trixie/InRelease', 'pool/main/a/a.dsc'].map(isImmutable), [false, false]);
  });
});
