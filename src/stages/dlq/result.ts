import { type Static, type TSchema, Type } from 'typebox';

const text = Type.String();
const time = Type.String({ format: 'date-time', description: 'UTC' });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const LETTER_STATES = ['open', 'retried', 'dropped'] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** One dead letter, without its body. */
export const Letter = Type.Object({
  id: Type.Integer(),
  state: Type.Enum([...LETTER_STATES]),
  reason: text,
  detail: text,
  event_id: orNull(text),
  event_type: orNull(text),
  order_id: orNull(text),
  hub: text,
  partition: Type.Integer(),
  sequence_number: Type.Integer(),
  failed_at: time,
  resolved_at: orNull(time),
  bytes: Type.Integer({ description: 'length of the body' }),
  waiting: Type.Integer({ description: 'later events of the same order that wait behind it' }),
});
export type Letter = Static<typeof Letter>;

/** The result of `oms dlq list --json`. */
export const LetterList = Type.Object({
  letters: Type.Array(Letter),
  open: Type.Integer({ description: 'how many are open in all' }),
});
export type LetterList = Static<typeof LetterList>;

/** The result of `oms dlq show --json`. */
export const LetterWithBody = Type.Object({
  ...Letter.properties,
  body: Type.Object({
    form: Type.Enum(['json', 'text', 'hex']),
    text: Type.String({ description: 'as it is shown: card numbers masked, control characters spelled out' }),
    cut: Type.Boolean(),
  }),
});
export type LetterWithBody = Static<typeof LetterWithBody>;

/** The result of `oms dlq retry --json` and `oms dlq drop --json`. */
export const Resolution = Type.Object({
  letters: Type.Array(
    Type.Object({
      id: Type.Integer(),
      outcome: Type.Enum(['retried', 'dropped', 'failed_again', 'waiting', 'not_open']),
      detail: orNull(text),
    }),
  ),
  released: Type.Integer({ description: 'orders whose waiting events were set going again' }),
});
export type Resolution = Static<typeof Resolution>;
