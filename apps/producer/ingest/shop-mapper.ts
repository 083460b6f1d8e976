import type { IncomingHttpHeaders } from 'node:http';
import type { Static, TSchema } from 'typebox';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';

/** An order of another shop in our own form; `key` names it for good, so that it is one order however often it is sent. */
export interface MappedOrder {
  key: string;
  request: OrderRequest;
}

/** One kind of other shop: how its orders look, how they are signed, what they mean here. A new kind is one file. */
export interface ShopMapper {
  /** `{channel}` of POST /api/ingest/{channel}. */
  name: string;
  summary: string;
  body: TSchema;
  /** Whether the bytes were signed with the secret that the shop and we share. */
  isSigned(headers: IncomingHttpHeaders, bytes: Buffer, secret: string, nowMs: number): boolean;
  /** The result is checked like any order: nothing has to be refused here. */
  map(body: unknown): MappedOrder;
}

/** Ties the schema of the body to the function that reads it. */
export const shopMapper = <Body extends TSchema>(
  body: Body,
  rest: Omit<ShopMapper, 'body' | 'map'> & { map(body: Static<Body>): MappedOrder },
): ShopMapper => ({ ...rest, body }) as ShopMapper;
