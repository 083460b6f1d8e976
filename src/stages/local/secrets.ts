import { type Static, Type } from 'typebox';
import type { Machine } from '../../adapters/machine.ts';

const Secret = Type.String({ minLength: 16 });

/** Made once; the file is readable by its owner alone. */
export const LocalSecrets = Type.Object({
  database: Type.Object({ admin: Secret, app: Secret, ask: Secret, sandbox: Secret }),
  hubKey: Secret,
  /** What the stand-in provider and carriers sign their webhooks with. */
  pspHook: Secret,
  carrierHook: Secret,
  /** Bearer token of the staff at the order API. */
  adminToken: Secret,
});
export type LocalSecrets = Static<typeof LocalSecrets>;

/** What an earlier version may have left. */
const KnownSecrets = Type.Partial(
  Type.Object({ ...LocalSecrets.properties, database: Type.Partial(LocalSecrets.properties.database) }),
);

const SECRET_BYTES = 24;

/** The secrets of the stack: those that are known, and new ones for what is missing. */
export async function provideSecrets(machine: Machine, file: string): Promise<LocalSecrets> {
  const known = (await machine.readJson(file, KnownSecrets)) ?? {};
  const { database = {} } = known;
  const secret = (value?: string) => value ?? machine.randomSecret(SECRET_BYTES);
  const secrets = {
    database: {
      admin: secret(database.admin),
      app: secret(database.app),
      ask: secret(database.ask),
      sandbox: secret(database.sandbox),
    },
    hubKey: secret(known.hubKey),
    pspHook: secret(known.pspHook),
    carrierHook: secret(known.carrierHook),
    adminToken: secret(known.adminToken),
  };
  if (JSON.stringify(secrets) !== JSON.stringify(known)) machine.writeJson(file, secrets);
  return secrets;
}
