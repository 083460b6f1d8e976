import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type RouteOptions, traefikRoutes, traefikStatic, traefikTls } from '../../../../src/render/traefik.ts';
import type { Site } from '../../../../src/stages/deploy/site.ts';
import { TRAEFIK_TEMPLATES, testHost, testSite } from '../../../helpers/site.ts';

interface Balanced {
  loadBalancer: { servers: { url: string }[] };
}
interface Routes {
  http: {
    routers: Record<string, { rule: string; service: string; middlewares: string[] }>;
    middlewares: Record<string, { headers: { customRequestHeaders: Record<string, string> } }>;
    services: Record<string, Balanced> & { producer: { weighted: { services: { name: string; weight: number }[] } } };
  };
}

const routesOf = (site: Site, options: RouteOptions) =>
  (parse(traefikRoutes(site, options, TRAEFIK_TEMPLATES)) as Routes).http;
const urls = (balanced: Balanced | undefined) => balanced?.loadBalancer.servers.map(({ url }) => url);
const ALL_A = { weights: { a: 100, b: 0 } };

test('rules name all domains, also beside conditions of their own', () => {
  const { routers } = routesOf(testSite({ domains: ['shop.example', 'www.shop.example'] }), ALL_A);
  assert.equal(routers.web!.rule, '(Host(`shop.example`) || Host(`www.shop.example`)) && PathPrefix(`/`)');
  assert.throws(() => routesOf(testSite({ domains: ['a`) || Host(`b'] }), ALL_A), /not a host name/);
});

test('the colour that does not run is left out, one that waits is listed without a share', () => {
  const alone = routesOf(testSite(), ALL_A);
  assert.deepEqual(alone.services.producer.weighted.services, [{ name: 'producer-a', weight: 100 }]);
  assert.equal(alone.services['producer-b'], undefined);
  const both = routesOf(testSite(), { ...ALL_A, colours: ['a', 'b'] });
  assert.deepEqual(both.services.producer.weighted.services, [
    { name: 'producer-a', weight: 100 },
    { name: 'producer-b', weight: 0 },
  ]);
  assert.deepEqual(urls(both.services['producer-b']), ['http://oms-producer-b-1:8080', 'http://oms-producer-b-2:8080']);
});

test('shares are whole numbers, and nobody who has one loses it by rounding', () => {
  const weights = fc.record({ a: fc.double({ min: 0, max: 1e6 }), b: fc.double({ min: 0, max: 1e6 }) });
  fc.assert(
    fc.property(weights, ({ a, b }) => {
      fc.pre(a + b > 0 && Number.isFinite(a + b));
      const shares = routesOf(testSite(), { weights: { a, b } }).services.producer.weighted.services;
      const of = (name: string) => shares.find((share) => share.name === name)?.weight ?? 0;
      assert.deepEqual([of('producer-a') > 0, of('producer-b') > 0], [a > 0, b > 0]);
      for (const { weight } of shares) assert.ok(Number.isInteger(weight) && weight >= 1 && weight <= 100);
    }),
    { numRuns: 40 },
  );
  assert.throws(() => routesOf(testSite(), { weights: { a: 0, b: 0 } }), /one colour/);
});

test('a site of several hosts reaches producers elsewhere through their private addresses, one port a replica', () => {
  const hosts = [
    testHost('web-1', { groups: ['web'], privateAddress: '10.0.0.1' }),
    testHost('web-2', { groups: ['web', 'app'], address: '192.0.2.11', privateAddress: '10.0.0.2' }),
    testHost('app-1', { groups: ['app', 'data'], address: '2001:db8::5' }),
  ];
  const site = testSite({ hosts });
  assert.deepEqual(urls(routesOf(site, { ...ALL_A, host: 'web-2' }).services['producer-a']), [
    'http://oms-producer-a-1:8080',
    'http://oms-producer-a-2:8080',
    'http://[2001:db8::5]:9100',
    'http://[2001:db8::5]:9101',
  ]);
  assert.deepEqual(urls(routesOf(site, ALL_A).services['producer-a'])!.slice(0, 2), [
    'http://10.0.0.2:9100',
    'http://10.0.0.2:9101',
  ]);
  assert.throws(() => routesOf(site, { ...ALL_A, host: 'app-1' }), /not of group web/);
});

test('certificates decide what asks for one and where files are named', () => {
  const of = (certificates: Site['certificates']) => {
    const site = testSite({ certificates, ports: { http: 8080, https: 8443 }, domains: ['a.example', 'b.example'] });
    const settings = parse(traefikStatic(site, TRAEFIK_TEMPLATES));
    const { tls } = parse(traefikTls(site, TRAEFIK_TEMPLATES));
    assert.equal(settings.entryPoints.http.http.redirections.entryPoint.to, ':8443');
    return { resolvers: settings.certificatesResolvers, entry: settings.entryPoints.https.http.tls, tls };
  };
  const acme = of({ kind: 'acme', email: 'me@a.example', server: null });
  assert.equal(acme.resolvers.acme.acme.email, 'me@a.example');
  assert.equal(acme.resolvers.acme.acme.caServer, undefined);
  assert.deepEqual(acme.entry, { certResolver: 'acme', domains: [{ main: 'a.example', sans: ['b.example'] }] });
  assert.equal(acme.tls.certificates, undefined);
  const own = of({ kind: 'acme', email: 'me@a.example', server: 'https://ca.example/dir' });
  assert.equal(own.resolvers.acme.acme.caServer, 'https://ca.example/dir');
  const files = of({ kind: 'files', certificate: 'c', key: 'k' });
  assert.deepEqual([files.resolvers, files.entry], [undefined, {}]);
  assert.equal(files.tls.certificates[0].certFile, '/run/secrets/tls-certificate');
  assert.deepEqual(Object.keys(of({ kind: 'self-signed' }).tls), ['options']);
});

test('maintenance answers everything public but the health check, and leaves the inside alone', () => {
  const open = routesOf(testSite(), ALL_A);
  const closed = routesOf(testSite(), { ...ALL_A, maintenance: { message: 'Back\r\nat noon' } });
  const changed = Object.keys(open.routers).filter(
    (name) => JSON.stringify(open.routers[name]) !== JSON.stringify(closed.routers[name]),
  );
  assert.deepEqual(changed, ['hooks', 'api-write', 'api', 'console', 'web']);
  for (const name of changed) assert.equal(closed.routers[name]!.service, 'web');
  assert.equal(closed.routers.api!.middlewares.at(-1), 'maintenance-problem');
  assert.equal(closed.routers.web!.middlewares.at(-1), 'maintenance-page');
  assert.equal(closed.routers.console!.middlewares[0], 'private-networks');
  const { customRequestHeaders } = closed.middlewares['maintenance-message']!.headers;
  assert.equal(customRequestHeaders['X-Oms-Maintenance'], 'Back at noon');
});
