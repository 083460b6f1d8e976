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
  /** Backups, inside the container alone. */
  backup: string;
}

export const SITE_ACCOUNTS = { ...ACCOUNT_NAMES, backup: 'oms_backup' } as const;

/** Schema of the shop. */
export const SHOP_SCHEMA = 'oms';

/** Passwords go into SQL text and option files; what could end a literal there is refused rather than escaped. */
export const isPlainPassword = (password: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(password);

function plain(password: string): string {
  if (isPlainPassword(password)) return password;
  throw new TypeError('a database password has 16 to 128 letters, digits, _ or -');
}

const literal = (password: string): string => `'${plain(password)}'`;

/** Made when it is missing; its password follows the secrets, should they have been made anew. */
function account(name: string, host: string, password: string, grants: readonly string[]): string[] {
  const who = `'${name}'@'${host}'`;
  return [
    `CREATE USER IF NOT EXISTS ${who} IDENTIFIED BY ${literal(password)}`,
    `ALTER USER ${who} IDENTIFIED BY ${literal(password)}`,
    ...grants.map((grant) => grant.replace(' TO ?', ` TO ${who}`)),
  ];
}

const on = (rights: string, schema: string) => `GRANT ${rights} ON \`${schema}\`.* TO ?`;
const ROWS = 'SELECT, INSERT, UPDATE, DELETE';
const DUMP = 'SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES';

/**
 * What the server of a site runs at its start (`--init-file`), also while it makes its data folder: one statement a
 * line, each idempotent. A database that remembers other passwords gets these. Root is left alone: the image's own first
 * start signs in as root without a password before it sets one.
 * @param clients where the accounts may come from, in the form of MySQL: "10.213.0.0/255.255.255.0"
 */
export function siteAccountStatements(passwords: SitePasswords, clients: readonly string[]): string[] {
  const { admin, app, ask, sandbox, backup } = SITE_ACCOUNTS;
  const everywhere = (name: string, password: string, grants: readonly string[]) =>
    clients.flatMap((client) => account(name, client, password, grants));
  return [
    'FLUSH PRIVILEGES',
    `CREATE DATABASE IF NOT EXISTS \`${SHOP_SCHEMA}\``,
    `CREATE DATABASE IF NOT EXISTS \`${SANDBOX_SCHEMA}\``,
    ...everywhere(admin, passwords.admin, [`${on('ALL PRIVILEGES', SHOP_SCHEMA)} WITH GRANT OPTION`]),
    ...everywhere(app, passwords.app, [on(ROWS, SHOP_SCHEMA)]),
    ...everywhere(ask, passwords.ask, []),
    ...everywhere(sandbox, passwords.sandbox, [on(`${ROWS}, CREATE`, SANDBOX_SCHEMA)]),
    ...account(backup, 'localhost', passwords.backup, [
      on(DUMP, SHOP_SCHEMA),
      on(DUMP, SANDBOX_SCHEMA),
      'GRANT PROCESS, RELOAD, REPLICATION CLIENT ON *.* TO ?',
    ]),
  ].map((statement) => `${statement};`);
}

/** Option file of MySQL's own programs for the backup account, through the server's socket. */
export const backupOptions = (password: string): string =>
  ['[client]', `user=${SITE_ACCOUNTS.backup}`, `password=${plain(password)}`, ''].join('\n');

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
