import { AmqpError, Condition } from '../amqp/errors.ts';
import type { Fault } from '../faults/fault-switches.ts';
import type { Link } from './link.ts';
import type { Session } from './session.ts';

const busy = (): AmqpError =>
  new AmqpError(
    Condition.serverBusy,
    'The server is busy: a fault switch of the hub says so. Please retry the operation later.',
  );

const detached = (): AmqpError =>
  new AmqpError(Condition.detachForced, 'The link is force detached: a fault switch of the hub says so.');

/** Ends the link, or the whole connection without a word. @returns true, which says that the link is gone */
export function breakOff(fault: Fault, session: Session, link: Link): true {
  if (fault.kind === 'drop') session.connection.drop();
  else session.detach(link, fault.kind === 'throttle' ? busy() : detached());
  return true;
}

type Done = (error: AmqpError | null) => void;

/**
 * Lets a fault befall a batch that has arrived.
 * @param store stores the batch; called once, twice or never
 * @param done answers the producer
 * @param forget the batch will not be answered
 */
export function spoilSend(
  fault: Fault,
  session: Session,
  link: Link,
  { store, done, forget }: { store: (done: Done) => void; done: Done; forget: () => void },
): void {
  switch (fault.kind) {
    case 'throttle':
      done(busy());
      break;
    case 'delay':
      store((error) => setTimeout(() => done(error), fault.delayMs).unref());
      break;
    case 'duplicate':
      store((error) => (error === null ? store(done) : done(error)));
      break;
    default:
      if (fault.stored) store(forget);
      else forget();
      breakOff(fault, session, link);
  }
}
