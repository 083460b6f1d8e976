import { type TProperties, Type } from 'typebox';
import { plainText } from '../../../lib/domain/fields.ts';

/** Who of the staff asks: the name stands in the event's source. */
const By = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$' }));

export const Note = Type.Optional(plainText(500));

/** Body of a request of the staff. */
export const staffBody = <Fields extends TProperties>(fields: Fields) =>
  Type.Object({ by: By, ...fields }, { additionalProperties: false });

export const nameOf = (body: unknown): string => (body as { by?: string } | undefined)?.by ?? 'staff';
