import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { accountShow, armGet, armPost, isChange, nameOfCall, providerList } from '../../../../src/tools/az.ts';
import { addCertificate, findApplications } from '../../../../src/tools/az-application.ts';
import { parseAzError } from '../../../../src/tools/az-errors.ts';
import { createAccount, createContainer, stateExists } from '../../../../src/tools/az-state.ts';
import { SECRET_SIGNATURE, token } from '../../../helpers/azure-answers.ts';
import { AZ_SAYS } from '../../../helpers/fake-az.ts';

const place = { subscription: 's', group: 'rg', account: 'state', container: 'tfstate' };

suite('calls of az', () => {
  test('name the subscription where one is meant', () => {
    assert.deepEqual(accountShow(), ['account', 'show']);
    assert.deepEqual(accountShow('s'), ['account', 'show', '--subscription', 's']);
    for (const call of [createAccount(place, 'westeurope'), createContainer(place), stateExists(place, 'demo')]) {
      assert.equal(call[call.indexOf('--subscription') + 1], 's');
    }
  });

  test('of Resource Manager have their parameters as words of their own', () => {
    assert.deepEqual(armGet('/subscriptions/s', { 'api-version': '1', $filter: "a eq 'b'" }), [
      ...['rest', '--method', 'get', '--url', '/subscriptions/s'],
      ...['--url-parameters', 'api-version=1', "$filter=a eq 'b'"],
    ]);
    assert.deepEqual(armGet('https://next'), ['rest', '--method', 'get', '--url', 'https://next']);
    assert.equal(armPost('/p', '1', { name: 'x' }).at(-1), '{"name":"x"}');
  });

  test('ask for no more of the providers than is wanted', () => {
    assert.equal(providerList('s', []).at(-1), '[].{namespace: namespace, state: registrationState}');
    assert.match(providerList('s', ['a', 'b']).at(-1)!, /resourceTypes\[\?resourceType=='a' \|\| resourceType=='b'\]/);
  });

  test('are told apart by whether they change something, and named without their values', () => {
    assert.equal(nameOfCall(createAccount(place, 'westeurope')), 'az storage account create');
    assert.ok(isChange(createAccount(place, 'westeurope')));
    assert.ok(isChange(addCertificate('app', 'MII\n', new Date(0))));
    for (const question of [accountShow(), armGet('/create'), stateExists(place, 'delete')])
      assert.ok(!isChange(question));
  });

  test('keep a quote in a name inside its filter', () => {
    assert.equal(findApplications("o'oms").at(-1), "displayName eq 'o''oms'");
  });

  test('add a certificate to the others, for as long as it is valid, and make no password', () => {
    assert.deepEqual(addCertificate('app', 'MII\n', new Date('2027-05-01T10:00:00Z')), [
      ...['ad', 'app', 'credential', 'reset', '--id', 'app', '--append', '--cert', 'MII\n'],
      ...['--end-date', '2027-05-01T10:00:00Z'],
    ]);
  });
});

suite('errors of az', () => {
  const cases: [title: string, text: string, code: string | undefined, message: RegExp][] = [
    ['nobody signed in', AZ_SAYS.notLoggedIn, 'LoginRequired', /^Please run 'az login' to setup account\.$/],
    ['an expired login', AZ_SAYS.expired, 'AADSTS700082', /^AADSTS700082: The refresh token .* 90\.00:00:00\.$/],
    ['a missing right', AZ_SAYS.denied, 'AuthorizationFailed', /credentials\.$/],
    [
      'an answer quoted by az rest',
      AZ_SAYS.restNotFound,
      'ResourceGroupNotFound',
      /^Resource group 'rg-oms-demo' could/,
    ],
    ['another subscription', AZ_SAYS.unknownSubscription, 'SubscriptionNotFound', /^Subscription '9/],
    ['a missing role on blobs', AZ_SAYS.noBlobRole, 'AuthorizationPermissionMismatch', /^You do not have/],
    [
      'a firewall',
      "ERROR: \nThe request may be blocked by network rules of storage account. Please check network rule set using 'az storage account show -n accountname --query networkRuleSet'.\n",
      'AuthorizationFailure',
      /^The request may be blocked/,
    ],
    [
      'no network',
      "ERROR: HTTPSConnectionPool(host='management.azure.com', port=443): Max retries exceeded with url: /x\n",
      'ConnectionFailed',
      /^HTTPSConnectionPool/,
    ],
    [
      'an error of the blob service',
      'ERROR: Not here.\nRequestId:1\nErrorCode:ContainerNotFound\n',
      'ContainerNotFound',
      /^Not here\.$/,
    ],
    ['words alone', 'ERROR: unrecognized arguments: --colour\n', undefined, /^unrecognized arguments/],
    ['nothing', '', undefined, /^$/],
  ];
  for (const [title, text, code, message] of cases) {
    test(title, () => {
      const problem = parseAzError(text);
      assert.equal(problem.code, code);
      assert.match(problem.message, message);
    });
  }

  test('tokens are masked, and long texts cut', () => {
    const { message } = parseAzError(`ERROR: bad header Bearer ${token({ oid: 'x' })} ${'x'.repeat(10_000)}`);
    assert.match(message, /^bad header Bearer \(token\) x/);
    assert.doesNotMatch(message, new RegExp(SECRET_SIGNATURE));
    assert.ok(message.length < 600);
  });
});
