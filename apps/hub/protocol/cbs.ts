import { AmqpError, Condition } from '../amqp/errors.ts';
import type { Request } from '../amqp/message.ts';
import { entityPath } from './address.ts';
import { SIGNATURE_SCHEME } from './auth.ts';
import type { Response } from './request-link.ts';
import type { Session } from './session.ts';

const SAS = 'servicebus.windows.net:sastoken';
const JWT = 'jwt';

/** $cbs: takes a token for an entity and lets the connection use that entity until the token expires. */
export function answerCbs(request: Request, session: Session): Response {
  const { properties } = request;
  const operation = properties.get('operation');
  const name = properties.get('name');
  const type = properties.get('type');
  if (operation !== 'put-token')
    throw new AmqpError(Condition.notImplemented, `operation '${String(operation)}' is not known`);
  if (typeof name !== 'string') throw new AmqpError(Condition.argumentError, 'put-token without the name of an entity');
  const { auth } = session.connection.context;
  const token = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : String(request.body);
  // Azure's Python client says jwt of every token, also of a signature.
  if (auth.required && type === JWT && !token.startsWith(SIGNATURE_SCHEME)) {
    throw new AmqpError(Condition.unauthorized, 'This hub takes shared access signatures alone. Unauthorized access.');
  }
  if (type !== SAS && type !== JWT)
    throw new AmqpError(Condition.argumentError, `token type '${String(type)}' is not known`);
  const entity = entityPath(name);
  const expiresMs = auth.verify(token, entity, Date.now());
  // Where everybody is let in nothing is kept of what somebody may send without end.
  if (auth.required) session.connection.access.claims.grant(entity, expiresMs);
  return { status: 202, description: 'Accepted' };
}
