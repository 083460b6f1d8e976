import { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

/** One thing wrong with a body: `pointer` is a JSON pointer into it. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

interface ProblemExtras {
  errors?: FieldError[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer that is not the one hoped for: thrown anywhere below a route, sent by the error handler. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;

  /** @param detail one sentence about this case; it is shown to the caller, so it repeats nothing secret */
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.code = code;
    this.status = PROBLEM_CODES[code][0];
    this.errors = extras.errors ?? [];
    this.headers = { ...(this.status === 503 && { 'retry-after': '1' }), ...extras.headers };
  }
}

/** A problem of exactly one field, which has the problem's own code. */
export function fieldProblem(code: ProblemCode, pointer: string, message: string): Problem {
  return new Problem(code, `${pointer || 'the body'} ${message}`, { errors: [{ pointer, code, message }] });
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** With this many errors of this length a body stays below 2 KB. */
const MAX_ERRORS = 8;
const MAX_TEXT = 120;

const cut = (text: string, length = MAX_TEXT): string =>
  text.length > length ? `${text.slice(0, length - 3).toWellFormed()}...` : text;

/** The body of RFC 9457, as text. `instance` is the path that was asked for. */
export function problemBody(problem: Problem, instance: string, traceId: string): string {
  const { code, status, message, errors } = problem;
  const shown = errors.slice(0, MAX_ERRORS).map((error) => ({
    pointer: cut(error.pointer, 80),
    code: error.code,
    message: cut(error.message, 80),
  }));
  return JSON.stringify({
    type: `/problems/${code}`,
    title: PROBLEM_CODES[code][1],
    status,
    code,
    detail: cut(message, 240),
    instance: cut(instance),
    traceId,
    ...(shown.length > 0 && { errors: shown }),
  });
}
