import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { Convert, Default } from 'typebox/value';
import { type FieldError, Problem } from './problem.ts';

/** The code of a field's error by the JSON Schema keyword that failed. */
const CODES: Record<string, string> = {
  required: 'required',
  additionalProperties: 'unknown_field',
  boolean: 'unknown_field',
  type: 'type',
  enum: 'not_allowed',
  pattern: 'format',
  minimum: 'out_of_range',
  maximum: 'out_of_range',
  maxLength: 'too_long',
  minItems: 'item_count',
  maxItems: 'item_count',
};

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function errorsOf(error: TLocalizedValidationError): FieldError[] {
  const at = (name: string) => `${error.instancePath}/${escapePointer(name)}`;
  const code = CODES[error.keyword] ?? 'invalid';
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({ pointer: at(name), code, message: 'is missing' }));
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({ pointer: at(name), code, message: 'is not a field' }));
    case 'enum':
      return [{ pointer: error.instancePath, code, message: 'is not one of the allowed values' }];
    case 'pattern':
      return [{ pointer: error.instancePath, code, message: 'does not have the right form' }];
    default:
      return [{ pointer: error.instancePath, code, message: error.message }];
  }
}

/** One error a pointer: the first keyword that failed says it. */
function distinct(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}

/** Every field at fault; `root` is where the value stands in the body. */
export function fieldErrors(errors: TLocalizedValidationError[], root = ''): FieldError[] {
  // A closed object reports an unknown field twice: by its name, and as a value of the schema "never".
  const fields = distinct(errors.filter((error) => error.keyword !== 'boolean').flatMap(errorsOf));
  return fields.map((field) => ({ ...field, pointer: root + field.pointer }));
}

/** Every field at fault, as one problem. */
function validationProblem(errors: TLocalizedValidationError[]): Problem {
  const fields = fieldErrors(errors);
  const first = fields[0];
  const detail = first ? `${first.pointer || 'the body'} ${first.message}` : 'the body is not valid';
  return new Problem('validation_failed', fields.length > 1 ? `${detail}, and ${fields.length - 1} more` : detail, {
    errors: fields,
  });
}

/** Compiles each route's schema once. A query string gets the schema's defaults, and numbers where it wants numbers. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'querystring' ? Convert(schema, Default(schema, given)) : given;
    return validator.Check(value) ? { value } : { error: validationProblem(validator.Errors(value)) };
  };
};
