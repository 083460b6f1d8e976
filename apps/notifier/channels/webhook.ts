import { SIGNATURE_HEADER, signWebhook } from '../../../lib/integration/webhook-signature.ts';
import { type Channel, ChannelError, type OutgoingMessage } from './channel.ts';

/** Names the message for good: what comes twice has the same. */
export const MESSAGE_ID_HEADER = 'oms-message-id';

const ANSWER_DEADLINE_MS = 10_000;

/** Posts each message to one address, signed; 2xx is a yes. */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly #url: string;
  readonly #secret: string;

  constructor(url: string, secret: string) {
    this.#url = url;
    this.#secret = secret;
  }

  takes(): boolean {
    return true;
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<void> {
    const status = await this.#post(message, signal).catch((error: Error) => {
      const reason = error.cause instanceof Error ? error.cause.message : error.message;
      throw new ChannelError('away', `the webhook does not answer: ${reason}`, { cause: error });
    });
    if (status >= 200 && status < 300) return;
    throw new ChannelError(status >= 500 ? 'away' : 'refused', `the webhook answered ${status}`);
  }

  async close(): Promise<void> {}

  async #post(message: OutgoingMessage, signal: AbortSignal): Promise<number> {
    const body = Buffer.from(JSON.stringify(toBody(message)));
    const response = await fetch(this.#url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        [MESSAGE_ID_HEADER]: idOf(message),
        [SIGNATURE_HEADER]: signWebhook(this.#secret, body, Date.now()),
      },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_DEADLINE_MS)]),
    });
    await response.body?.cancel();
    return response.status;
  }
}

const idOf = ({ orderId, key }: OutgoingMessage): string => `${orderId}/${key}`;

const toBody = (message: OutgoingMessage) => ({
  id: idOf(message),
  template: message.template,
  audience: message.forOperations ? 'operations' : 'customer',
  order_id: message.orderId,
  customer: message.customerRef,
  synthetic: message.synthetic,
  at: message.createdAt.toISOString(),
  subject: message.subject,
  text: message.text,
});
