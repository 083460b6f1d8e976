import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  hostAddress,
  isPublicName,
  parseDomain,
  parseHome,
  parseHosts,
  parsePrivateAddress,
  parseShift,
} from '../../../../src/config/host-list.ts';

const ALL = ['web', 'app', 'data'];

suite('--hosts', () => {
  test('one server carries everything', () => {
    assert.deepEqual(parseHosts('deploy@203.0.113.5'), [
      { user: 'deploy', address: '203.0.113.5', port: 22, groups: ALL },
    ]);
  });

  test('groups on servers of their own, several of a group, ports and brackets', () => {
    const hosts = parseHosts('web=a@h1, web=a@h2,app=b@Shop-3.example.com:2222,data=c@[2001:DB8::1]:22022');
    assert.deepEqual(hosts, [
      { user: 'a', address: 'h1', port: 22, groups: ['web'] },
      { user: 'a', address: 'h2', port: 22, groups: ['web'] },
      { user: 'b', address: 'shop-3.example.com', port: 2_222, groups: ['app'] },
      { user: 'c', address: '2001:db8::1', port: 22_022, groups: ['data'] },
    ]);
  });

  test('a server named for two groups is one server', () => {
    assert.deepEqual(parseHosts('data=a@h1,app=a@h1,web=a@h2'), [
      { user: 'a', address: 'h1', port: 22, groups: ['app', 'data'] },
      { user: 'a', address: 'h2', port: 22, groups: ['web'] },
    ]);
  });

  const wrong: [list: string, message: RegExp][] = [
    ['203.0.113.5', /expected USER@HOST/],
    ['deploy@', /expected USER@HOST/],
    ['deploy@203.0.113.500', /expected USER@HOST/],
    ['deploy@h1:0', /expected USER@HOST/],
    ['deploy@h1:70000', /expected USER@HOST/],
    ['deploy@2001:db8::1', /in brackets/],
    ['deploy@[203.0.113.5]', /expected USER@HOST/],
    ['deploy@-oProxyCommand=x', /expected USER@HOST/],
    ['-x@h1', /expected USER@HOST/],
    ['de ploy@h1', /expected USER@HOST/],
    ['deploy@h1;reboot', /expected USER@HOST/],
    ['database=a@h1', /expected web, app, data before the =/],
    ['=a@h1', /before the =/],
    ['a@h1,a@h2', /what h1 carries/],
    ['web=a@h1,app=a@h2', /a server for data/],
    ['web=a@h1,data=a@h1,a@h2', /what h2 carries/],
    ['web=a@h1,app=a@h1,data=a@h1,data=a@h2', /there is one database/],
    ['web=a@h1,app=b@h1,data=a@h1', /one user and one port/],
    ['', /expected USER@HOST/],
  ];
  for (const [list, message] of wrong) {
    test(`${JSON.stringify(list)} is refused`, () => assert.throws(() => parseHosts(list), message));
  }
});

test('an address is a name or an IP address in its usual form', () => {
  assert.equal(hostAddress('Shop.Example.COM'), 'shop.example.com');
  assert.equal(hostAddress('[FE80::1]'), 'fe80::1');
  for (const text of ['fe80::1', '[fe80::1%eth0]', '1.2.3', 'a..b', 'a_b', '-a', `${'a'.repeat(64)}.de`, '*.shop.de']) {
    assert.equal(hostAddress(text), undefined, text);
  }
});

test('a private address belongs to a server', () => {
  assert.deepEqual(parsePrivateAddress('shop-1=10.0.0.5'), { host: 'shop-1', address: '10.0.0.5' });
  for (const text of ['10.0.0.5', 'shop-1=', 'shop-1=10.0.0.5=x', 'a b=10.0.0.5']) {
    assert.throws(() => parsePrivateAddress(text), /HOST=ADDRESS/);
  }
});

test('a domain has no scheme, no path and no star', () => {
  assert.equal(parseDomain(' Shop.Example.com. '), 'shop.example.com');
  for (const text of ['https://shop.example.com', 'shop.example.com/x', '*.example.com', 'shop.example.com:8443', '']) {
    assert.throws(() => parseDomain(text), /without https/);
  }
});

test('an authority vouches for public names alone', () => {
  assert.ok(isPublicName('shop.example.com'));
  for (const name of ['localhost', 'shop', 'shop.local', 'shop.internal', '203.0.113.5', 'a.test', 'shop.example']) {
    assert.equal(isPublicName(name), false, name);
  }
});

test('a home is below a folder of the root', () => {
  assert.equal(parseHome('/srv/shop/'), '/srv/shop');
  for (const text of [
    '/',
    '/opt',
    'opt/oms',
    '/opt/../etc',
    '/opt/o ms',
    '/opt//oms',
    '/opt/-x',
    `/opt/${'a'.repeat(90)}`,
  ]) {
    assert.throws(() => parseHome(text), /below a folder of the root/, text);
  }
});

test('shares rise and end with everything', () => {
  assert.deepEqual(parseShift('1, 10,50,100'), [1, 10, 50, 100]);
  assert.deepEqual(parseShift('100'), [100]);
  for (const text of ['', '1,10', '10,1,100', '0,100', '50,50,100', '1,x,100', '100,200']) {
    assert.throws(() => parseShift(text), /end with 100/, text);
  }
});
