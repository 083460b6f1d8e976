import { ACCOUNT_NAMES, SANDBOX_SCHEMA } from './mysql-accounts.ts';

/** Password of each account of a site's database. */
export interface SitePasswords {
  /** Owns the schema: migrations and grants. */
  admin: string;
  /** Order API, consumer, notifier: rows only. */
  app: string;
  /** Questions: whatever the migrations grant, nothing by itself. */
  ask: string;
  /** The stand-in provider's own book. */
  sandbox: string;
  /** Backups and restores, inside the container alone. */
  backup: string;
}

export const SITE_ACCOUNTS = { ...ACCOUNT_NAMES, backup: 'oms_backup' } as const;

/** Schema of the shop. */
export const SHOP_SCHEMA = 'oms';

/** Passwords go into SQL text and option files; what could end a literal there is refused rather than escaped. */
export const isPlainPassword = (password: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(password);

function literal(password: string): string {
  if (!isPlainPassword(password)) throw new TypeError('a database password has 16 to 128 letters, digits, _ or -');
  return `'${password}'`;
}

/** Made when it is missing; its password follows the secrets, should they have been made anew. */
function account(name: string, host: string, password: string, grants: readonly string[]): string[] {
  const who = `'${name}'@'${host}'`;
  return [
    `CREATE USER IF NOT EXISTS ${who} IDENTIFIED BY ${literal(password)}`,
    `ALTER USER ${who} IDENTIFIED BY ${literal(password)} ACCOUNT UNLOCK`,
    ...grants.map((grant) => `GRANT ${grant} TO ${who}`),
  ];
}

/**
 * What the server of a site runs at its start (`--init-file`), one statement a line. Run again it changes nothing; a
 * database that remembers other passwords gets these. Root is left alone: the image's own first start needs it.
 * @param from where the accounts may come from, in the form of MySQL: "%", "172.16.0.0/255.240.0.0"
 */
export function siteAccountStatements(passwords: SitePasswords, from = '%'): string[] {
  const { admin, app, ask, sandbox, backup } = SITE_ACCOUNTS;
  const shop = `\`${SHOP_SCHEMA}\`.*`;
  return [
    'FLUSH PRIVILEGES',
    `CREATE DATABASE IF NOT EXISTS \`${SHOP_SCHEMA}\``,
    `CREATE DATABASE IF NOT EXISTS \`${SANDBOX_SCHEMA}\``,
    ...account(admin, from, passwords.admin, [`ALL PRIVILEGES ON ${shop}`, `GRANT OPTION ON ${shop}`]),
    ...account(app, from, passwords.app, [`SELECT, INSERT, UPDATE, DELETE ON ${shop}`]),
    ...account(ask, from, passwords.ask, []),
    ...account(sandbox, from, passwords.sandbox, [
      `SELECT, INSERT, UPDATE, DELETE, CREATE ON \`${SANDBOX_SCHEMA}\`.*`,
    ]),
    ...account(backup, 'localhost', passwords.backup, [
      // A restore fills a schema beside the shop's and then swaps their tables.
      `ALL PRIVILEGES ON ${shop}`,
      `ALL PRIVILEGES ON \`${SHOP_SCHEMA}\\_%\`.*`,
      `ALL PRIVILEGES ON \`${SANDBOX_SCHEMA}\`.*`,
      `ALL PRIVILEGES ON \`${SANDBOX_SCHEMA.replaceAll('_', '\\_')}\\_%\`.*`,
      'PROCESS, RELOAD, REPLICATION CLIENT ON *.*',
    ]),
  ].map((statement) => `${statement};`);
}

/** Option file of MySQL's own programs for the backup account, through the server's socket. */
export const backupOptions = (password: string): string =>
  ['[client]', `user=${SITE_ACCOUNTS.backup}`, `password=${literal(password)}`, ''].join('\n');

/** mysql:// address of one account at a server. */
export function siteAccountUrl(
  account: Exclude<keyof SitePasswords, 'backup'>,
  password: string,
  host: string,
  port: number,
): string {
  const schema = account === 'sandbox' ? SANDBOX_SCHEMA : SHOP_SCHEMA;
  return `mysql://${SITE_ACCOUNTS[account]}:${encodeURIComponent(password)}@${host}:${port}/${schema}`;
}
