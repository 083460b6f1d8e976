import { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

/** One thing wrong with a body: `pointer` is a JSON pointer into it. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

interface ProblemExtras {
  errors?: FieldError[];
  /** What the order takes instead. */
  possible?: string[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer that is not the one hoped for: thrown anywhere below a route, sent by the error handler. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: FieldError[];
  readonly possible: string[] | undefined;
  readonly headers: Record<string, string>;

  /** @param detail one sentence about this case; it is shown to the caller, so it repeats nothing secret */
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.code = code;
    this.status = PROBLEM_CODES[code][0];
    this.errors = extras.errors ?? [];
    this.possible = extras.possible;
    this.headers = { ...(this.status === 503 && { 'retry-after': '1' }), ...extras.headers };
  }
}

/** A problem of exactly one field, which has the problem's own code. */
export function fieldProblem(code: ProblemCode, pointer: string, message: string): Problem {
  return new Problem(code, `${pointer || 'the body'} ${message}`, { errors: [{ pointer, code, message }] });
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

const MAX_BYTES = 2_048;
const MAX_ERRORS = 8;

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 3).toWellFormed()}...` : text;

const shorten = ({ pointer, code, message }: FieldError): FieldError => ({
  pointer: cut(pointer, 80),
  code,
  message: cut(message, 80),
});

/** The body of RFC 9457, as text of at most 2 KB: the last errors go first. `instance` is the path that was asked for. */
export function problemBody(problem: Problem, instance: string, traceId: string): string {
  const { code, status, message, possible } = problem;
  const about = { type: `/problems/${code}`, title: PROBLEM_CODES[code][1], status, code };
  const common = {
    ...about,
    detail: cut(message, 200),
    instance: cut(instance, 120),
    traceId,
    ...(possible && { possible }),
  };
  for (let shown = MAX_ERRORS; shown > 0; shown -= 1) {
    const errors = problem.errors.slice(0, shown).map(shorten);
    if (errors.length === 0) break;
    const body = JSON.stringify({ ...common, errors });
    if (Buffer.byteLength(body) <= MAX_BYTES) return body;
  }
  return JSON.stringify(common);
}
