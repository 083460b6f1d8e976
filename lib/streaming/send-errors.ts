/** Too many events wait for the hub already; this one was not sent. Try again after a second. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/**
 * The hub did not acknowledge. It may or may not have the event: sent again with the same id it is still one event
 * to every reader. `cause` is what the SDK said last.
 */
export class SendFailedError extends Error {
  override readonly name = 'SendFailedError';
}
