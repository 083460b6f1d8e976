import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** What the order API says when it does not do what was asked (RFC 9457). Only what pages use of it. */
export const ProblemBody = Compile(
  Type.Object({
    code: Type.String(),
    detail: Type.String(),
    traceId: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() })),
    ),
    possible: Type.Optional(Type.Array(Type.String())),
  }),
);

export interface FieldError {
  /** JSON pointer into the body that was sent. */
  pointer: string;
  code: string;
  message: string;
}

/** Sentences for people, by the API's code; codes that are missing have none that would help them. */
const FRIENDLY: Record<string, string> = {
  invalid_transition: 'The order has moved on, so this is no longer possible. The page shows how it is now.',
  unknown_sku: 'Something in your cart is no longer sold. Please remove it.',
  currency_mismatch: 'Your cart has products in different currencies. Please order them one currency at a time.',
  quantity_exceeded: 'That is more than there is. Please ask for less.',
  idempotency_key_reused: 'This form was sent before with other contents. Please check the page and send it again.',
  raw_card_forbidden: 'That looks like the number of a card. Please never type card numbers here.',
  control_character: 'There is a character in it that we cannot use. Please type it again.',
  validation_failed: 'Something in the form is not right. Please check it and send it again.',
  request_in_progress: 'We are still at it. Please wait a second and try again.',
};

/** The order API did not do what was asked, or did not answer (status 503, code api_unavailable). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly possible: readonly string[];
  /** Seconds after which the same may work. */
  readonly retryAfter: number | undefined;

  constructor(
    about: { status: number; code: string; retryAfter?: number | undefined },
    detail: string,
    extras: { errors?: readonly FieldError[]; possible?: readonly string[]; cause?: unknown } = {},
  ) {
    super(detail, { cause: extras.cause });
    this.status = about.status;
    this.code = about.code;
    this.retryAfter = about.retryAfter;
    this.errors = extras.errors ?? [];
    this.possible = extras.possible ?? [];
  }

  /** One sentence for whoever pressed the button. */
  get friendly(): string {
    return FRIENDLY[this.code] ?? 'Please try again; if it stays, tell us the number below.';
  }
}

/** The API did not answer, or not as agreed. */
export const unavailable = (detail: string, cause?: unknown): ApiProblem =>
  new ApiProblem({ status: 503, code: 'api_unavailable', retryAfter: 2 }, detail, { cause });
