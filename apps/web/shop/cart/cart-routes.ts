import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Catalogue } from '../../api/catalogue.ts';
import { page } from '../../html/layout.ts';
import { callOf } from '../../http/call.ts';
import { Form } from '../../http/form.ts';
import type { WebParts } from '../../parts.ts';
import { Visitor } from '../visitor.ts';
import { addToCart, changeCart } from './cart.ts';
import { cartPage } from './cart-page.ts';
import { priceCart } from './priced-cart.ts';

const NEWS_OF = { not_a_line: 'refused', cart_full: 'full' } as const;

/** The quantities of a cart's form: its fields come in pairs, and one button says what to take out. */
function wantedQuantities(form: Form): Map<string, number> {
  const quantities = form.texts('quantity');
  const wanted = new Map<string, number>();
  for (const [index, sku] of form.texts('sku').entries()) {
    const text = quantities[index]?.trim() ?? '';
    if (/^\d{1,6}$/.test(text)) wanted.set(sku, Number(text));
  }
  const removed = form.text('remove');
  if (removed) wanted.set(removed, 0);
  return wanted;
}

/** GET /cart, POST /cart (adds something), POST /cart/lines (other quantities). */
export function addCartRoutes(app: FastifyInstance, parts: WebParts): void {
  const catalogue = new Catalogue(parts.api);
  const visitorOf = (request: FastifyRequest, reply: FastifyReply) => new Visitor(request, reply, parts);

  app.get<{ Querystring: Record<string, unknown> }>('/cart', async (request, reply) => {
    const visitor = visitorOf(request, reply);
    const cart = await priceCart(catalogue, visitor.cart, callOf(request));
    if (cart.gone.length > 0) visitor.cart = visitor.cart.filter(({ sku }) => !cart.gone.includes(sku));
    const news = String(request.query.news ?? '');
    return page(reply, parts, cartPage(cart, news === 'added' && !visitor.hasCart ? 'forgotten' : news));
  });

  app.post('/cart', (request, reply) => {
    const visitor = visitorOf(request, reply);
    const form = new Form(request.body);
    const { lines, refused } = addToCart(visitor.cart, {
      sku: form.text('sku'),
      quantity: form.count('quantity') ?? 0,
    });
    if (!refused) visitor.cart = lines;
    return reply.redirect(`/cart?news=${refused ? NEWS_OF[refused] : 'added'}`, 303);
  });

  app.post('/cart/lines', (request, reply) => {
    const visitor = visitorOf(request, reply);
    visitor.cart = changeCart(visitor.cart, wantedQuantities(new Form(request.body)));
    return reply.redirect('/cart?news=changed', 303);
  });
}
