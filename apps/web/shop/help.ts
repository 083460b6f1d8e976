import type { FastifyInstance } from 'fastify';
import { html } from '../html/html.ts';
import { page, type Shop } from '../html/layout.ts';

const main = html`<article class="text">
<h1>Help</h1>
<h2>Is this a real shop?</h2>
<p>It works like one: orders are taken, paid, packed, tracked, returned and refunded. But payments and carriers are played by a
stand-in, so no money moves and nothing is delivered. Please enter no names and no card numbers; there is no field for them.</p>
<h2>Where is my order?</h2>
<p><a href="/orders">Your orders</a> lists what was ordered in this browser. Each order has a page that tells its whole story.</p>
<h2>Can I change my mind?</h2>
<p>Until a parcel is with its carrier you can cancel on the order’s page. After it has arrived you can send things back from there.</p>
<h2>My payment failed</h2>
<p>The order waits for you: its page offers another way to pay.</p>
<h2>What do you keep?</h2>
<p>A random number for this browser, its cart, the numbers of its orders and the country they went to last, in cookies of this
site only. Nothing else.</p>
</article>`;

export function addHelpRoute(app: FastifyInstance, shop: Shop): void {
  app.get('/help', (_request, reply) => page(reply, shop, { title: 'Help', main }));
}
