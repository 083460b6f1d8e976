import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { Problem } from '../http/problem.ts';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Whether a request carries `Authorization: Bearer <token>`; how long the answer takes says nothing about the token. */
export function tokenCheck(token: string): (request: FastifyRequest) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (request) => timingSafeEqual(digest(request.headers.authorization ?? ''), expected);
}

/** onRequest: 401 for everybody else, before a body is read. */
export function requireToken(token: string) {
  const isOurs = tokenCheck(token);
  return (request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void => {
    if (!isOurs(request)) {
      throw new Problem('token_invalid', 'this is for the staff: the bearer token is missing or wrong', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    done();
  };
}
