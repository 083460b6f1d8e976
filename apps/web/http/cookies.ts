import type { FastifyReply, FastifyRequest } from 'fastify';

const DAY_SECONDS = 24 * 60 * 60;

/** How long a browser keeps what we told it. */
const KEEP_SECONDS = 180 * DAY_SECONDS;

/** Names that only this host, by https, can have set. */
const nameOf = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name);

/** The cookies of one request and its answer: never readable by scripts, never sent along from another site's forms. */
export class Cookies {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #isSecure: boolean;

  constructor(request: FastifyRequest, reply: FastifyReply, { secureCookies }: { secureCookies: boolean }) {
    this.#request = request;
    this.#reply = reply;
    this.#isSecure = secureCookies;
  }

  read(name: string): string | undefined {
    return this.#request.cookies[nameOf(name, this.#isSecure)];
  }

  /** @param isReadable for scripts of our own: for what they show, never for what identifies somebody */
  write(name: string, value: string, { isReadable = false, keepSeconds = KEEP_SECONDS } = {}): void {
    this.#reply.setCookie(nameOf(name, this.#isSecure), value, {
      path: '/',
      httpOnly: !isReadable,
      sameSite: 'lax',
      secure: this.#isSecure,
      maxAge: keepSeconds,
    });
  }

  drop(name: string): void {
    this.write(name, '', { keepSeconds: 0 });
  }
}
