import { AmqpError, Condition } from '../amqp/errors.ts';
import { type Authenticator, Claims } from './auth.ts';

/** What one connection may use. */
export class Access {
  readonly claims = new Claims();
  readonly #auth: Authenticator;
  /** The client gave the hub's own key, so it needs no claims. */
  trusted = false;

  constructor(auth: Authenticator) {
    this.#auth = auth;
  }

  allows(entity: string, nowMs: number): boolean {
    return this.trusted || !this.#auth.required || this.claims.allows(entity, nowMs);
  }

  /** @throws {AmqpError} unauthorized-access when the client has no valid claim for the entity */
  requireClaim(entity: string, right: 'Send' | 'Listen'): void {
    if (this.allows(entity, Date.now())) return;
    throw new AmqpError(
      Condition.unauthorized,
      `Unauthorized access. '${right}' claim(s) are required to perform this operation. Resource: '${entity}'.`,
    );
  }
}
