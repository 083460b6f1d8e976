import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  containerName,
  createContainerArguments,
  startContainerArguments,
  stopContainerArguments,
} from '../../../../src/tools/docker-database.ts';

suite('the database in Docker', () => {
  test('the container keeps its data outside, listens on this machine only and runs the init file', () => {
    const args = createContainerArguments({
      dataDir: '/s/database',
      initFile: '/s/init.sql',
      startFile: '/s/start.sql',
      port: 3307,
      user: '1000:1000',
      bufferPoolMb: 256,
    });
    const image = args.indexOf('mysql:8.4');
    assert.deepEqual(args.slice(0, image), [
      'create',
      `--name=${containerName('/s/database')}`,
      '--user=1000:1000',
      '--publish=127.0.0.1:3307:3306',
      '--volume=/s/database:/var/lib/mysql',
      '--volume=/s/init.sql:/docker-entrypoint-initdb.d/oms.sql:ro',
      '--volume=/s/start.sql:/oms-start.sql:ro',
      '--env=MYSQL_RANDOM_ROOT_PASSWORD=yes',
      '--env=MYSQL_ROOT_HOST=localhost',
    ]);
    for (const setting of ['--innodb-flush-log-at-trx-commit=1', '--init-file=/oms-start.sql']) {
      assert.ok(args.slice(image).includes(setting), setting);
    }
  });

  test('each data folder has a container of its own, found again by name', () => {
    assert.notEqual(containerName('/a'), containerName('/b'));
    assert.equal(startContainerArguments('/a').at(-1), containerName('/a'));
    assert.equal(stopContainerArguments('/a').at(-1), containerName('/a'));
  });
});
