/** Shopify's webhook orders/create, as far as an order has it: with prices, a person and an address. */
export const SHOPIFY_ORDER = {
  id: 820_982_911_946_154,
  admin_graphql_api_id: 'gid://shopify/Order/820982911946154',
  created_at: '2026-03-01T12:00:00-08:00',
  currency: 'USD',
  email: 'jon@example.com',
  total_price: '39.99',
  test: false,
  note: 'ring twice',
  customer: { id: 6_940_095_564_123, email: 'jon@example.com', first_name: 'Jon', last_name: 'Doe' },
  line_items: [
    { id: 1, sku: 'A', quantity: 1, price: '10.00', name: 'Product A' },
    { id: 2, sku: 'B', quantity: 2, price: '10.00', name: 'Product B' },
  ],
  shipping_address: {
    first_name: 'Jon',
    address1: '123 Shipping Street',
    phone: '555-555-SHIP',
    city: 'Reno',
    zip: '89501',
    province: 'Nevada',
    country_code: 'US',
  },
  shipping_lines: [{ code: 'Express', title: 'Express', price: '9.99' }],
  payment_gateway_names: ['visa', 'paypal'],
};
