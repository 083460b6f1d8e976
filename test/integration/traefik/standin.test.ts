import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { Balancer } from '../../standins/traefik/balancer.ts';
import { bundleTraefik } from '../../standins/traefik/bundle.ts';
import { type ProxyRequest, routingPath } from '../../standins/traefik/exchange.ts';
import { parseRule } from '../../standins/traefik/rule.ts';
import { selfSigned } from '../../standins/traefik/self-signed.ts';

const request = (method: string, path: string, client = '192.0.2.1') =>
  ({ method, path, host: 'Shop.Example', client }) as ProxyRequest;

test('rules: and binds before or, not before and', () => {
  const rule = parseRule(
    'Host(`shop.example`) && !PathPrefix(`/api/`) || Method(`POST`) && ClientIP(`10.0.0.0/8`, `::1`)',
  );
  assert.equal(rule(request('GET', '/x')), true);
  assert.equal(rule(request('GET', '/api/x')), false);
  assert.equal(rule(request('POST', '/api/x', '10.1.2.3')), true);
  assert.equal(rule(request('POST', '/api/x', '11.1.2.3')), false);
  for (const wrong of ['Host(`a`', 'Hots(`a`)', 'Host(`a`) Path(`/`)', 'Host(`a`) && ', 'Path(/x)']) {
    assert.throws(() => parseRule(wrong), /rule/, wrong);
  }
});

test('a path is matched as a server will read it', () => {
  const paths = {
    '/a/../b': '/b',
    '//a//b/': '/a/b/',
    '/%61pi/%2Fx': '/api/%2Fx',
    '/': '/',
    '/../..': '/',
    '/a?b/../c': '/a',
  };
  for (const [target, path] of Object.entries(paths)) assert.equal(routingPath(target), path, target);
});

test('every target gets its share in any run of requests', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(weights, (shares) => {
      const balancer = new Balancer(shares.map((weight, target) => ({ target, weight })));
      const sum = shares.reduce((total, share) => total + share, 0);
      const counts = shares.map(() => 0);
      for (let n = 0; n < sum * 10; n++) counts[balancer.next(() => true)!]!++;
      counts.forEach((count, index) => {
        assert.ok(Math.abs(count - shares[index]! * 10) <= shares.length, `${counts} of ${shares}`);
      });
    }),
  );
});

test('its own certificate is one', () => {
  const { cert, key } = selfSigned('shop.example');
  const parsed = new X509Certificate(cert);
  assert.equal(parsed.checkHost('shop.example'), 'shop.example');
  assert.ok(parsed.verify(parsed.publicKey));
  assert.match(key, /PRIVATE KEY/);
});

test('in one file, it says what it is, and refuses what it does not know', async (t) => {
  const folder = tempFolder(t);
  await bundleTraefik(folder, 'node:24.21.0-slim');
  const program = join(folder, 'traefik');
  assert.match(execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }), /Stand-in.*not Traefik/);
  assert.match(readFileSync(join(folder, 'Dockerfile'), 'utf8'), /^FROM node:24\.21\.0-slim$/m);
  const refused = (settings: string, routes: string) => {
    mkdirSync(join(folder, 'dynamic'), { recursive: true });
    writeFileSync(join(folder, 'traefik.yml'), settings.replace('FOLDER', join(folder, 'dynamic')));
    writeFileSync(join(folder, 'dynamic', 'routes.yml'), routes);
    const { status, stdout } = spawnSync(process.execPath, [program, `--configFile=${join(folder, 'traefik.yml')}`], {
      ...{ encoding: 'utf8', timeout: 20_000, cwd: folder },
    });
    assert.equal(status, 1, stdout);
    return JSON.parse(stdout).message as string;
  };
  const settings = 'entryPoints: {http: {address: "127.0.0.1:0"}}\nproviders: {file: {directory: FOLDER}}\n';
  const service = 'services: {x: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}}';
  const router = (rule: string, more = '') =>
    `http: {routers: {x: {rule: "${rule}", entryPoints: [http], service: x${more}}}, ${service}}`;
  assert.match(refused(`${settings}api: {insecure: true}\n`, '{}'), /does not know api/);
  assert.match(
    refused(settings, 'http: {middlewares: {x: {stripPrefix: {prefixes: [/]}}}}'),
    /does not know stripPrefix/,
  );
  assert.match(refused(settings, router('HostRegexp(`x`)')), /does not know the matcher HostRegexp/);
  assert.match(refused(settings, router('Path(`/`)', ', middlewares: [y]')), /y does not exist/);
});
