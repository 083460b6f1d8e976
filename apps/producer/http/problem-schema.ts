import { Type } from 'typebox';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

/** Every answer from 400 on (RFC 9457). */
export const ProblemBody = Type.Object({
  type: Type.String({ description: 'an address of this API that explains the code' }),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: Type.Enum(Object.keys(PROBLEM_CODES) as ProblemCode[]),
  detail: Type.String(),
  instance: Type.String({ description: 'the path that was asked for' }),
  traceId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() })),
  ),
  possible: Type.Optional(Type.Array(Type.String(), { description: 'what can be asked of the order instead' })),
});
