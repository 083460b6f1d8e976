import type { WebhookBody } from '../../lib/integration/webhook.ts';
import { SIGNATURE_HEADER, signWebhook } from '../../lib/integration/webhook-signature.ts';

type Fact = WebhookBody['events'][number];
interface Changes {
  id?: string;
  type?: string;
  time?: string;
  data?: Record<string, unknown>;
}

export const ORDER_ID = '00000000-0000-8000-8000-00000000000a';

const factId = (n: number): string => `00000000-0000-8000-8000-${n.toString(16).padStart(12, '0')}`;

const TIME = '2026-03-01T12:00:00.000Z';

/** A provider's word: 26.59 USD are set aside. */
export const paymentFact = ({ data, ...changes }: Changes = {}): Fact => ({
  ...{ id: factId(1), type: 'oms.payment.authorized.v1', time: TIME },
  ...changes,
  data: {
    ...{ order_id: ORDER_ID, attempt: 1, provider: 'sandbox', provider_ref: 'pay-1' },
    ...{ amount_minor: 2_659, currency: 'USD' },
    ...data,
  },
});

/** A carrier's word: a parcel is with its customer. */
export const scanFact = ({ data, ...changes }: Changes = {}): Fact => ({
  ...{ id: factId(2), type: 'oms.shipment.delivered.v1', time: TIME },
  ...changes,
  data: {
    ...{ order_id: ORDER_ID, parcel_no: 1, carrier: 'swiftpost', tracking_no: 'SP1' },
    ...{ carrier_event_id: 'scan-1', at: TIME, place: 'Reno' },
    ...data,
  },
});

/** POSTs signed bytes; `signature` replaces the right one, null leaves it out. */
export function postSigned(
  url: string,
  body: string,
  { secret = '', at = Date.now(), signature }: { secret?: string; at?: number; signature?: string | null },
): Promise<Response> {
  const header = signature === undefined ? signWebhook(secret, Buffer.from(body), at) : signature;
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(header !== null && { [SIGNATURE_HEADER]: header }) },
    body,
  });
}
