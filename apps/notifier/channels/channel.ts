/** A message as it leaves the house. */
export interface OutgoingMessage {
  orderId: string;
  /** Unique in the order; with the order's id it names the message for good. */
  key: string;
  template: string;
  customerRef: string;
  /** Of an order that a simulation has made up. */
  synthetic: boolean;
  /** For those who run the shop, not for the customer. */
  forOperations: boolean;
  createdAt: Date;
  subject: string;
  text: string;
}

/**
 * Why a message did not get through. `away`: nobody answers as they should, others would not get through either;
 * `refused`: this message was not taken, later it may be; `never`: no repeat can help.
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly why: 'away' | 'refused' | 'never';

  constructor(why: 'away' | 'refused' | 'never', message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

/** One way to tell somebody. The message in the app needs none: it is the row itself. */
export interface Channel {
  /** As `sent_to` keeps it: a short word in lower case. */
  readonly name: string;
  /** Whether this message goes this way at all. */
  takes(message: OutgoingMessage): boolean;
  /**
   * Hands a message over; repeated after a crash it names itself as before, so that it can be known again.
   * @throws {ChannelError}
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
