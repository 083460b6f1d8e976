import { connect } from './connect.ts';

/**
 * What a question may read. Orders, parcels and customers hold no name, address or payment token; what does, or what
 * belongs to the machinery (dead letters hold whole messages), is not granted at all.
 */
export const READABLE_TABLES = [
  'products',
  'coupons',
  'stock',
  'customers',
  'orders',
  'order_items',
  'order_history',
  'payments',
  'refunds',
  'shipments',
  'shipment_items',
  'tracking_events',
  'returns',
  'return_items',
] as const;

const ACCOUNT = /^[A-Za-z0-9_]{1,32}$/;

/**
 * Lets an account read those tables of the schema that `adminUrl` names, and nothing else; run again it changes
 * nothing. `adminUrl` needs the GRANT OPTION on the schema, and the account and the tables exist.
 */
export async function grantReader(adminUrl: string, account: string, host = '%'): Promise<void> {
  if (!ACCOUNT.test(account)) throw new RangeError('an account has 1 to 32 letters, digits or _');
  const schema = decodeURIComponent(new URL(adminUrl).pathname.slice(1)).replaceAll('`', '');
  const connection = await connect(adminUrl);
  try {
    for (const table of READABLE_TABLES) {
      await connection.query(`GRANT SELECT ON \`${schema}\`.\`${table}\` TO ?@?`, [account, host]);
    }
  } finally {
    await connection.end();
  }
}
