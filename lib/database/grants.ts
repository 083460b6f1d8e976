import { connect } from './connect.ts';
import { READABLE } from './readable.ts';

/** Tables that the account is granted, and no other. */
export const READABLE_TABLES: readonly string[] = Object.keys(READABLE);

const ACCOUNT = /^[A-Za-z0-9_]{1,32}$/;

/**
 * Lets an account read what questions may read (readable.ts) of the schema that `adminUrl` names, and nothing else; run
 * again it changes nothing. `adminUrl` needs the GRANT OPTION on the schema, and the account and the tables exist.
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
