import { type Handler, type ProxyRequest, plain, type Wrap } from './exchange.ts';
import { createMiddleware } from './middlewares/create.ts';
import { type Matcher, parseRule } from './rule.ts';
import { type ServiceParts, startServices } from './service.ts';
import type { DynamicSettings } from './settings/dynamic.ts';

interface Route {
  name: string;
  matches: Matcher;
  entryPoints: readonly string[];
  priority: number;
  handle: Handler;
}

/** What happens to requests under one dynamic configuration. */
export interface Routing {
  handle: Handler;
}

const found = <T>(record: Record<string, T>, name: string, what: string): T => {
  if (!Object.hasOwn(record, name)) throw new Error(`${what} ${name} does not exist`);
  return record[name]!;
};

/**
 * Builds routers, middlewares and services, and starts the health checks.
 * @throws {Error} for anything that refers to what is not there, or is not done here
 */
export function createRouting({ http = {} }: DynamicSettings, entryPoints: object, parts: ServiceParts): Routing {
  const { routers = {}, middlewares = {}, services = {} } = http;
  const running = startServices(services, parts);
  const handlerOf = (service: string): Handler => {
    const known = running.get(service);
    if (!known) throw new Error(`the service ${service} does not exist`);
    return known.handle;
  };
  const wrapOf = (name: string): Wrap =>
    createMiddleware(name, found(middlewares, name, 'the middleware'), { metrics: parts.metrics, find: handlerOf });
  const routes = Object.entries(routers).map(([name, router]): Route => {
    for (const entryPoint of router.entryPoints) found(entryPoints as Record<string, unknown>, entryPoint, name);
    const wraps = (router.middlewares ?? []).map(wrapOf);
    return {
      name: `${name}@file`,
      matches: parseRule(router.rule),
      entryPoints: router.entryPoints,
      // As Traefik: the longer rule goes first where nothing is said.
      priority: router.priority ?? router.rule.length,
      handle: wraps.reduceRight<Handler>((next, wrap) => wrap(next), handlerOf(router.service)),
    };
  });
  // Built to be checked; a middleware that no router uses is a mistake only when it cannot be built.
  for (const name of Object.keys(middlewares)) wrapOf(name);
  routes.sort((one, other) => other.priority - one.priority);
  return { handle: (request) => handleBy(routes, request) };
}

async function handleBy(routes: readonly Route[], request: ProxyRequest) {
  const route = routes.find(({ entryPoints, matches }) => entryPoints.includes(request.entryPoint) && matches(request));
  if (!route) return plain(404, '404 page not found');
  request.notes.router = route.name;
  return route.handle(request);
}
