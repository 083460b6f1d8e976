import { Type } from 'typebox';
import { OrderRequest } from '../../../lib/domain/order-request.ts';
import { checkSignature, SIGNATURE_HEADER } from '../../../lib/integration/webhook-signature.ts';
import { shopMapper } from './shop-mapper.ts';

const { channel: _channel, payment, ...fields } = OrderRequest.properties;

/** The order of POST /api/orders with the other shop's number for it; the payment may be left out. */
const GenericOrder = Type.Object(
  {
    order_number: Type.String({ pattern: '^[A-Za-z0-9._:~+/=-]{1,100}$' }),
    ...fields,
    payment: Type.Optional(payment),
  },
  { additionalProperties: false },
);

/** For shops that can be taught our form. Signed as our webhooks are. */
export const genericShop = shopMapper(GenericOrder, {
  name: 'generic',
  summary: 'An order of another shop in our own form.',
  isSigned: (headers, bytes, secret, nowMs) =>
    checkSignature(secret, String(headers[SIGNATURE_HEADER] ?? ''), bytes, nowMs).verdict === 'valid',
  map: ({ order_number, ...order }) => ({
    key: `generic:${order_number}`,
    request: { ...order, channel: 'marketplace', payment: order.payment ?? { method: 'card' } },
  }),
});
