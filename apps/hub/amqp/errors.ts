/** Error conditions of AMQP 1.0 (part 2.8.15 to 2.8.18) and of Event Hubs; clients turn them into their own error names. */
export const Condition = {
  internalError: 'amqp:internal-error',
  notFound: 'amqp:not-found',
  unauthorized: 'amqp:unauthorized-access',
  decodeError: 'amqp:decode-error',
  resourceLimit: 'amqp:resource-limit-exceeded',
  notAllowed: 'amqp:not-allowed',
  invalidField: 'amqp:invalid-field',
  notImplemented: 'amqp:not-implemented',
  illegalState: 'amqp:illegal-state',
  connectionForced: 'amqp:connection:forced',
  framingError: 'amqp:connection:framing-error',
  windowViolation: 'amqp:session:window-violation',
  handleInUse: 'amqp:session:handle-in-use',
  unattachedHandle: 'amqp:session:unattached-handle',
  stolen: 'amqp:link:stolen',
  detachForced: 'amqp:link:detach-forced',
  messageSize: 'amqp:link:message-size-exceeded',
  serverBusy: 'com.microsoft:server-busy',
  argumentError: 'com.microsoft:argument-error',
  argumentOutOfRange: 'com.microsoft:argument-out-of-range',
  outOfOrderSequence: 'com.microsoft:out-of-order-sequence',
  producerStolen: 'com.microsoft:producer-epoch-stolen',
} as const;
export type Condition = (typeof Condition)[keyof typeof Condition];

/** A failure that the peer is told of: the condition a client acts on and a description a person can read. */
export class AmqpError extends Error {
  override readonly name = 'AmqpError';
  readonly condition: Condition;

  constructor(condition: Condition, description: string) {
    super(description);
    this.condition = condition;
  }
}

export const decodeError = (description: string): AmqpError => new AmqpError(Condition.decodeError, description);
