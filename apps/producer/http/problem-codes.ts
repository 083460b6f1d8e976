/** What each code means, for whoever gets it: status, short title, and what to do about it. */
export const PROBLEM_CODES = {
  bad_request: [400, 'Malformed HTTP request', 'The request is not valid HTTP/1.1; send it again as RFC 9112 says.'],
  malformed_url: [400, 'Malformed URL', 'The path has a bad percent-encoding or a NUL; correct it.'],
  malformed_id: [400, 'Malformed id', 'The id of an order or a return is a lower-case UUID, as the API returned it.'],
  body_required: [400, 'Body required', 'Send a JSON object in the body.'],
  body_encoding: [400, 'Body is not UTF-8', 'Send the body as UTF-8.'],
  json_syntax: [
    400,
    'Body is not JSON',
    'Correct the JSON at the given offset. A byte order mark is not part of JSON. Of two equal names in one object the last counts.',
  ],
  json_depth: [400, 'JSON nested too deeply', 'Objects and arrays may be nested 32 deep.'],
  idempotency_key_required: [
    400,
    'Idempotency-Key required',
    'Send a header Idempotency-Key: a text of your own for this order, 1 to 128 characters of A-Z a-z 0-9 . _ : ~ + / = -. ' +
      'Send the same key and the same body again until you get an answer: customer and key together name one order, for ever. ' +
      'The answer 202 is repeated, with the header Idempotent-Replayed, for at least the last 100,000 orders of one day; ' +
      'later the order is accepted anew under the same order id and still is one order. ' +
      'Bodies that differ only in the order of names or in blanks are the same.',
  ],
  idempotency_key_malformed: [
    400,
    'Idempotency-Key malformed',
    'A key has 1 to 128 characters of A-Z a-z 0-9 . _ : ~ + / = -.',
  ],
  signature_invalid: [
    401,
    'Signature not valid',
    'Sign the bytes of the body anew: header Oms-Signature (of Stripe: Stripe-Signature) "t=<seconds>,v1=<HMAC-SHA256 of t.body>", at most 300 s old, once.',
  ],
  token_invalid: [401, 'Token not valid', 'Send the header "Authorization: Bearer <token of the staff>".'],
  not_found: [404, 'Not found', 'There is nothing at this path, or no longer.'],
  method_not_allowed: [405, 'Method not allowed', 'Use one of the methods in the header Allow.'],
  not_acceptable: [406, 'Not acceptable', 'Answers are application/json; accept that.'],
  request_timeout: [408, 'Request timeout', 'Headers have to arrive within 10 s, the whole request within 13.5 s.'],
  request_in_progress: [
    409,
    'Request in progress',
    'The same request is being worked on; send it again after Retry-After.',
  ],
  invalid_transition: [
    409,
    'Not possible now',
    'The order is no longer, or not yet, where this can be asked; possible[] says what can. GET /api/orders/{id} shows it.',
  ],
  no_stored_token: [
    409,
    'No stored payment',
    'The customer keeps no way to pay; place one order with payment.one_click true, or use POST /api/orders.',
  ],
  body_too_large: [
    413,
    'Body too large',
    'A body may have 64 KiB; that of a webhook 1 MiB, that of another shop 256 KiB.',
  ],
  unsupported_media_type: [415, 'Unsupported media type', 'Send application/json in UTF-8 without a Content-Encoding.'],
  headers_too_large: [431, 'Headers too large', 'A request may have 100 header lines and 16 KiB of headers.'],
  validation_failed: [422, 'Validation failed', 'Correct the fields that errors[] points at.'],
  control_character: [
    422,
    'Control character',
    'Remove the control characters or unpaired surrogates from the text that errors[] points at.',
  ],
  raw_card_forbidden: [
    422,
    'Card data forbidden',
    "Never send card numbers, track data or security codes; send the payment provider's token.",
  ],
  unknown_sku: [422, 'Unknown SKU', 'The catalogue has no such SKU; see GET /api/products.'],
  currency_mismatch: [422, 'Currency mismatch', 'Order in the currency in which the products are sold.'],
  quantity_exceeded: [422, 'More than there is', 'Ask for no more than the message of errors[] says.'],
  coupon_invalid: [422, 'Coupon not valid', 'The coupon is unknown, not yet valid, or expired.'],
  idempotency_key_reused: [
    422,
    'Idempotency-Key reused',
    'This key was used for another body; take a new key for a new order or request.',
  ],
  idempotency_key_taken: [
    422,
    'Idempotency-Key not free',
    'Keys that begin with the name of another shop and a colon are for its orders; take another key.',
  ],
  question_too_slow: [422, 'Question takes too long', 'Ask for a shorter time, such as "last month".'],
  answer_too_large: [422, 'Answer too large', 'Ask for fewer rows, or for fewer members.'],
  too_many_questions: [429, 'Too many questions', 'Ask again after Retry-After.'],
  internal: [500, 'Internal error', 'Try again later; quote the traceId if it stays.'],
  hub_busy: [503, 'Too many orders at once', 'Send the same request again after Retry-After.'],
  hub_unavailable: [
    503,
    'Not confirmed',
    'It may or may not have been taken. Send the same request with the same Idempotency-Key again after Retry-After.',
  ],
  database_unavailable: [503, 'Orders cannot be read now', 'Ask again after Retry-After; new orders are still taken.'],
  too_many_streams: [
    503,
    'Too many streams',
    'Connect again after Retry-After, or ask GET /api/orders/{id} now and then.',
  ],
  provider_unavailable: [503, 'Provider does not answer', 'Nothing was taken; send the same again after Retry-After.'],
  ask_not_configured: [
    503,
    'Questions are not set up',
    'Start the order API with OMS_ASK_DATABASE_URL, the account that may only read.',
  ],
  catalogue_unavailable: [503, 'Starting', 'The catalogue is not loaded yet; try again after Retry-After.'],
} as const satisfies Record<string, readonly [status: number, title: string, meaning: string]>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
