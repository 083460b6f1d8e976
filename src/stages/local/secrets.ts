import { type Static, Type } from 'typebox';
import type { Machine } from '../../adapters/machine.ts';

const Secret = Type.String({ minLength: 16 });

/** Made once; the file is readable by its owner alone. */
export const LocalSecrets = Type.Object({
  database: Type.Object({ admin: Secret, app: Secret, ask: Secret }),
  hubKey: Secret,
});
export type LocalSecrets = Static<typeof LocalSecrets>;

const SECRET_BYTES = 24;

export async function provideSecrets(machine: Machine, file: string): Promise<LocalSecrets> {
  const known = await machine.readJson(file, LocalSecrets);
  if (known) return known;
  const secret = () => machine.randomSecret(SECRET_BYTES);
  const secrets = { database: { admin: secret(), app: secret(), ask: secret() }, hubKey: secret() };
  machine.writeJson(file, secrets);
  return secrets;
}
