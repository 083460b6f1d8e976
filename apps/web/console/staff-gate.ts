import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../api/api-problem.ts';
import type { Call } from '../api/order-api.ts';
import { callOf } from '../http/call.ts';
import { PageError } from '../http/page-error.ts';
import { Attempts } from './attempts.ts';

const CHALLENGE = 'Basic realm="oms operations", charset="UTF-8"';

/** What can stand in a header; anything else is a wrong password, and is looked at no further. */
const TOKEN = /^[\x21-\x7e]{1,512}$/;

/** The password of HTTP Basic (RFC 7617), whatever the name. */
export function passwordIn(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Behind our web servers the address is what they say last; without them, who is connected. */
function addressOf({ headers, ip }: FastifyRequest, isBehindProxy: boolean): string {
  const said = headers['x-forwarded-for'];
  return (isBehindProxy && typeof said === 'string' && said.split(',').at(-1)?.trim()) || ip;
}

function refuse(reply: FastifyReply): never {
  reply.header('www-authenticate', CHALLENGE);
  const advice =
    'Give any name, and the token of the staff as the password. It is the OMS_ADMIN_TOKEN of the order API.';
  throw new PageError(401, 'This page is for the staff', advice);
}

/**
 * Lets the staff in. The password is the token of the order API, which alone knows it and compares it: it is passed on
 * with each request and kept nowhere, so there is nothing here that how long an answer takes could tell of.
 */
export class StaffGate {
  readonly #attempts: Attempts;
  readonly #isBehindProxy: boolean;

  constructor({ secureCookies }: { secureCookies: boolean }, attempts = new Attempts()) {
    this.#isBehindProxy = secureCookies;
    this.#attempts = attempts;
  }

  /**
   * Asks the order API in the name of who asks us.
   * @throws {PageError} 401 without the right password, 429 after too many wrong ones
   * @throws {ApiProblem} whatever else the order API says
   */
  async pass<T>(request: FastifyRequest, reply: FastifyReply, ask: (call: Call) => Promise<T>): Promise<T> {
    const token = passwordIn(request.headers.authorization);
    if (token === undefined) return refuse(reply);
    const address = addressOf(request, this.#isBehindProxy);
    this.#attempt(address, reply);
    if (!TOKEN.test(token)) return refuse(reply);
    try {
      const answer = await ask({ ...callOf(request), authorization: `Bearer ${token}` });
      this.#attempts.giveBack(address);
      return answer;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return refuse(reply);
      this.#attempts.giveBack(address);
      throw error;
    }
  }

  #attempt(address: string, reply: FastifyReply): void {
    const wait = this.#attempts.take(address);
    if (wait === undefined) return;
    reply.header('retry-after', String(wait));
    throw new PageError(429, 'Too many wrong passwords', `Please try again in ${wait} s.`);
  }
}
