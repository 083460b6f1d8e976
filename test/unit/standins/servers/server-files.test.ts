import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { daemonSettings, hostsFile, numberOf } from '../../../standins/servers/server-files.ts';

const SITE = { packages: 'http://10.0.0.1:1/', registry: '10.0.0.2', registryNames: ['images.example'] };

suite('what an operator has put on a server beforehand', () => {
  test('Docker asks the mirror for images of Docker Hub, and other registries by their names', () => {
    assert.deepEqual(daemonSettings(SITE), {
      'registry-mirrors': ['http://10.0.0.2'],
      'insecure-registries': ['images.example'],
    });
    assert.equal(hostsFile('shop-1', SITE), '127.0.0.1 localhost\n127.0.1.1 shop-1\n10.0.0.2 images.example\n');
  });

  test('files are their users own by number', () => {
    const passwd = 'root:x:0:0::/root:/bin/bash\ndeploy:x:1000:1000::/home/deploy:/bin/bash\n';
    assert.equal(numberOf(passwd, 'deploy'), 1_000);
    assert.throws(() => numberOf(passwd, 'visitor'), /no user visitor/);
  });
});
