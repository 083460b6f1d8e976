import type { ServerKind } from './mysqld.ts';

/** Password of each account the private server gets. */
export interface AccountPasswords {
  /** Owns the schema: migrations, seeding, accounts. */
  admin: string;
  /** Producer and consumer: rows only. */
  app: string;
  /** Questions: whatever the migrations grant, nothing by itself. */
  ask: string;
}

export const ACCOUNT_NAMES = { admin: 'oms_admin', app: 'oms_app', ask: 'oms_ask', sandbox: 'oms_sandbox' } as const;

/** The schema of the stand-in provider and carriers: a book that the shop's own accounts do not write. */
export const SANDBOX_SCHEMA = 'psp_sim';

/** Passwords go into SQL text; what could end the literal is refused rather than escaped. */
function literal(password: string): string {
  if (!/^[A-Za-z0-9_-]{8,}$/.test(password)) {
    throw new Error('a database password needs 8 or more letters, digits, _ or -');
  }
  return `'${password}'`;
}

function removeRoot(kind: ServerKind): string[] {
  // MariaDB makes a root for each name the machine has, so they are not known by name here.
  if (kind === 'mariadb') return ["DELETE FROM mysql.global_priv WHERE User IN ('root', '')", 'FLUSH PRIVILEGES'];
  return ["DROP USER IF EXISTS 'root'@'localhost', 'root'@'%'"];
}

export interface AccountOptions {
  database?: string;
  /** Schema name, or a LIKE pattern with escaped underscores, that the accounts may use. */
  grantOn?: string;
  /** For a server whose own start-up still needs it. */
  keepRoot?: boolean;
}

/**
 * The statements that create the schema and the three accounts and remove root, one a line (an init file's form).
 */
export function accountStatements(
  kind: ServerKind,
  passwords: AccountPasswords,
  { database = 'oms', grantOn = database, keepRoot = false }: AccountOptions = {},
): string[] {
  const { admin, app, ask } = ACCOUNT_NAMES;
  return [
    'FLUSH PRIVILEGES',
    `CREATE DATABASE IF NOT EXISTS \`${database}\``,
    `CREATE USER '${admin}'@'%' IDENTIFIED BY ${literal(passwords.admin)}`,
    `GRANT ALL PRIVILEGES ON \`${grantOn}\`.* TO '${admin}'@'%' WITH GRANT OPTION`,
    `GRANT CREATE USER ON *.* TO '${admin}'@'%'`,
    `CREATE USER '${app}'@'%' IDENTIFIED BY ${literal(passwords.app)}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON \`${grantOn}\`.* TO '${app}'@'%'`,
    `CREATE USER '${ask}'@'%' IDENTIFIED BY ${literal(passwords.ask)}`,
    ...(keepRoot ? [] : removeRoot(kind)),
  ].map((statement) => `${statement};`);
}

/**
 * Statements that the server runs at every start, one a line: a data folder that an earlier version made gets the
 * sandbox's schema and account on that way, as nobody who may log in can make them.
 */
export function startStatements(sandboxPassword: string): string[] {
  const account = `'${ACCOUNT_NAMES.sandbox}'@'%'`;
  return [
    'FLUSH PRIVILEGES',
    `CREATE DATABASE IF NOT EXISTS \`${SANDBOX_SCHEMA}\``,
    `CREATE USER IF NOT EXISTS ${account}`,
    // The password follows the secrets, should they have been made anew.
    `ALTER USER ${account} IDENTIFIED BY ${literal(sandboxPassword)}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON \`${SANDBOX_SCHEMA}\`.* TO ${account}`,
  ].map((statement) => `${statement};`);
}

/** mysql:// address of one account on this machine. */
export function accountUrl(
  account: keyof typeof ACCOUNT_NAMES,
  password: string,
  port: number,
  database = account === 'sandbox' ? SANDBOX_SCHEMA : 'oms',
): string {
  return `mysql://${ACCOUNT_NAMES[account]}:${password}@127.0.0.1:${port}/${database}`;
}
