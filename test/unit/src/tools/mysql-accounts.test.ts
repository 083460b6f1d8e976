import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { accountStatements, accountUrl, startStatements } from '../../../../src/tools/mysql-accounts.ts';

const passwords = { admin: 'admin-secret', app: 'app-secret', ask: 'ask-secret' };

suite('accounts of the private server', () => {
  test('admin owns the schema, app changes rows, ask gets nothing by itself, root goes', () => {
    assert.deepEqual(accountStatements('mariadb', passwords), [
      'FLUSH PRIVILEGES;',
      'CREATE DATABASE IF NOT EXISTS `oms`;',
      "CREATE USER 'oms_admin'@'%' IDENTIFIED BY 'admin-secret';",
      "GRANT ALL PRIVILEGES ON `oms`.* TO 'oms_admin'@'%' WITH GRANT OPTION;",
      "GRANT CREATE USER ON *.* TO 'oms_admin'@'%';",
      "CREATE USER 'oms_app'@'%' IDENTIFIED BY 'app-secret';",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON `oms`.* TO 'oms_app'@'%';",
      "CREATE USER 'oms_ask'@'%' IDENTIFIED BY 'ask-secret';",
      "DELETE FROM mysql.global_priv WHERE User IN ('root', '');",
      'FLUSH PRIVILEGES;',
    ]);
  });

  test('MySQL forgets root in its own words, unless its start-up needs it', () => {
    const last = (keepRoot: boolean) => accountStatements('mysql', passwords, { keepRoot }).at(-1);
    assert.equal(last(false), "DROP USER IF EXISTS 'root'@'localhost', 'root'@'%';");
    assert.equal(last(true), "CREATE USER 'oms_ask'@'%' IDENTIFIED BY 'ask-secret';");
  });

  test('the sandbox gets a schema of its own at every start, and nothing else', () => {
    assert.deepEqual(startStatements('sandbox-secret'), [
      'FLUSH PRIVILEGES;',
      'CREATE DATABASE IF NOT EXISTS `psp_sim`;',
      "CREATE USER IF NOT EXISTS 'oms_sandbox'@'%';",
      "ALTER USER 'oms_sandbox'@'%' IDENTIFIED BY 'sandbox-secret';",
      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON `psp_sim`.* TO 'oms_sandbox'@'%';",
    ]);
  });

  test('a password that could leave its quotes is refused', () => {
    for (const admin of ["x'; DROP DATABASE oms; --", 'back\\slash-long', 'short', '']) {
      assert.throws(() => accountStatements('mysql', { ...passwords, admin }), /password/);
    }
  });

  test('the address names account, port and schema', () => {
    assert.equal(accountUrl('ask', 'pw', 3307), 'mysql://oms_ask:pw@127.0.0.1:3307/oms');
    assert.equal(accountUrl('sandbox', 'pw', 3307), 'mysql://oms_sandbox:pw@127.0.0.1:3307/psp_sim');
  });
});
