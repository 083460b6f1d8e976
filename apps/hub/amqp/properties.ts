import { composite } from './composites.ts';

/** The properties section of a message (part 3.2.4), as far as responses need it: up to the correlation id. */
export const Properties = composite('properties', 0x73, {
  messageId: 'any',
  userId: 'binary',
  to: 'string',
  subject: 'string',
  replyTo: 'string',
  correlationId: 'any',
  contentType: 'symbol',
  contentEncoding: 'symbol',
});
