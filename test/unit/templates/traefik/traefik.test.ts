import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { traefikRoutes, traefikStatic, traefikTls } from '../../../../src/render/traefik.ts';
import { TRAEFIK_TEMPLATES, testSite } from '../../../helpers/site.ts';
import { unknownTraefikKeys } from '../../../helpers/traefik-keys.ts';

type Json = Record<string, never>;
interface Files {
  static: Json;
  dynamic: Json[];
}

const shipped = (name: string) => parse(readFileSync(join(TRAEFIK_TEMPLATES, name), 'utf8')) as Json;
const FILES: Files = {
  static: shipped('traefik.yml'),
  dynamic: [shipped('dynamic/routes.yml'), shipped('dynamic/tls.yml')],
};

function rendered(): Files {
  const site = testSite({
    certificates: { kind: 'acme', email: 'a@shop.example', server: 'https://acme.example/dir' },
  });
  const routes = { weights: { a: 90, b: 10 }, maintenance: { message: 'Back at noon.' } };
  return {
    static: parse(traefikStatic(site, TRAEFIK_TEMPLATES)),
    dynamic: [traefikRoutes(site, routes, TRAEFIK_TEMPLATES), traefikTls(site, TRAEFIK_TEMPLATES)].map((text) =>
      parse(text),
    ),
  };
}

/** Every name that is referred to has to be there: a router with a missing middleware is dropped by Traefik. */
function danglingNames(routes: Json, entryPoints: object): string[] {
  const { routers, middlewares, services } = (routes as unknown as { http: Record<string, Record<string, never>> })
    .http;
  const wanted = Object.entries(routers as Record<string, Record<string, string & string[]>>).flatMap(
    ([name, router]) => [
      ...router.middlewares!.filter((used) => !Object.hasOwn(middlewares!, used)).map((used) => `${name}: ${used}`),
      ...router.entryPoints!.filter((used) => !Object.hasOwn(entryPoints, used)).map((used) => `${name}: ${used}`),
      ...(Object.hasOwn(services!, router.service!) ? [] : [`${name}: ${router.service}`]),
    ],
  );
  const { weighted } = services!.producer as unknown as { weighted: { services: { name: string }[] } };
  return [...wanted, ...weighted.services.map(({ name }) => name).filter((name) => !Object.hasOwn(services!, name))];
}

for (const [title, files] of [['as shipped', FILES] as const, ['rendered', rendered()] as const]) {
  test(`Traefik knows every key of its files ${title}, and every name in them is one`, () => {
    assert.deepEqual(unknownTraefikKeys('static', files.static), []);
    for (const file of files.dynamic) assert.deepEqual(unknownTraefikKeys('dynamic', file), []);
    assert.deepEqual(danglingNames(files.dynamic[0]!, files.static.entryPoints!), []);
  });
}

test('planted mistakes are found', () => {
  const wrong = (name: string, from: string, to: string) => {
    const text = readFileSync(join(TRAEFIK_TEMPLATES, name), 'utf8');
    assert.ok(text.includes(from), from);
    return parse(text.replace(from, to)) as Json;
  };
  assert.deepEqual(unknownTraefikKeys('static', wrong('traefik.yml', 'lifeCycle:', 'lifecycle:')), [
    ...['http', 'https', 'internal'].map((name) => `entryPoints.${name}.transport.lifecycle`),
  ]);
  const routes = (from: string, to: string) => wrong('dynamic/routes.yml', from, to);
  assert.deepEqual(unknownTraefikKeys('dynamic', routes('rule:', 'rul:')), ['http.routers.health.rul']);
  assert.deepEqual(unknownTraefikKeys('dynamic', routes('loadBalancer:', 'loadBalancr:')), [
    'http.services.web.loadBalancr',
  ]);
  assert.deepEqual(unknownTraefikKeys('dynamic', routes('- url: http://web1', '- ulr: http://web1')), [
    'http.services.web.loadBalancer.servers[].ulr',
  ]);
  const dangling = danglingNames(routes('[private-networks, ', '[privat-networks, '), FILES.static.entryPoints!);
  assert.deepEqual(dangling, ['console: privat-networks']);
});

const SCHEMAS = process.env.OMS_TRAEFIK_SCHEMAS;

/** SchemaStore does not have this key of 3.7 yet; Traefik's own reference does. */
function withoutKnownGaps(value: Json): Json {
  return JSON.parse(JSON.stringify(value, (key, below) => (key === 'ipv6Subnet' ? undefined : below)));
}

test("Traefik's files fit the published schemas", {
  skip: SCHEMAS ? false : 'not run: OMS_TRAEFIK_SCHEMAS names no folder with the schemas of SchemaStore',
}, () => {
  const validator = (name: string) =>
    new Ajv({ strict: false, logger: false }).compile(JSON.parse(readFileSync(join(SCHEMAS!, name), 'utf8')));
  const [fixed, dynamic] = [validator('traefik-v3.json'), validator('traefik-v3-file-provider.json')];
  for (const files of [FILES, rendered()]) {
    assert.ok(fixed(files.static), JSON.stringify(fixed.errors));
    for (const file of files.dynamic) assert.ok(dynamic(withoutKnownGaps(file)), JSON.stringify(dynamic.errors));
  }
  assert.equal(fixed({ ...FILES.static, providers: { file: { directry: '/etc' } } }), false);
  assert.equal(dynamic({ http: { routers: { web: { rul: 'Path(`/`)', service: 'web' } } } }), false);
});

test('the dashboard is off, nothing a client says of its address is believed, probes of the apps are not routed', () => {
  const settings = FILES.static as Record<string, Record<string, Record<string, unknown>>>;
  assert.equal(settings.api, undefined);
  for (const { forwardedHeaders } of Object.values(settings.entryPoints!) as { forwardedHeaders?: object }[]) {
    if (forwardedHeaders) assert.equal((forwardedHeaders as { insecure: boolean }).insecure, false);
  }
  const { routers } = (FILES.dynamic[0] as unknown as { http: { routers: Record<string, { rule: string }> } }).http;
  const rules = Object.values(routers).map(({ rule }) => rule);
  for (const probe of ['/readyz', '/livez', '/metrics']) assert.ok(!rules.some((rule) => rule.includes(probe)), probe);
});
