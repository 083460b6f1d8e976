import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

/** A single colon begins a parameter, two are a colon. */
const toPattern = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/::|:[^/]+/g, (part) => (part === '::' ? ':' : '[^/]+'))}$`);

/**
 * Tells a path that does not exist (404) from a method that a path does not have (405 with Allow), before any body
 * is read. To be called before the routes are added.
 */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) return done();
    const path = request.url.split('?', 1)[0]!;
    const route = [...routes.values()].find(({ pattern }) => pattern.test(path));
    if (!route) return done(new Problem('not_found', 'there is nothing at this path'));
    const allow = [...route.methods].sort().join(', ');
    done(new Problem('method_not_allowed', `this path has ${allow}`, { headers: { allow } }));
  });
}
