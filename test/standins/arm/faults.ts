import type { Answer, ArmRequest } from './http.ts';
import { failure } from './http.ts';
import { loginFailure } from './tokens.ts';

/** Failures as Azure words them, by name. */
export const FAULTS = {
  expiredToken: failure(
    401,
    'ExpiredAuthenticationToken',
    'The access token expiry UTC time is earlier than current UTC time.',
    {
      'www-authenticate': 'Bearer error="invalid_token"',
    },
  ),
  expiredLogin: loginFailure(400, 'invalid_grant', 700082, 'The refresh token has expired due to inactivity.'),
  forbidden: failure(
    403,
    'AuthorizationFailed',
    'The client does not have authorization to perform this action over the given scope or the scope is invalid. If access was recently granted, please refresh your credentials.',
  ),
  notFound: failure(
    404,
    'ResourceNotFound',
    'The Resource was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  ),
  conflict: failure(409, 'Conflict', 'Another conflicting operation is in progress. Please retry later.'),
  preconditionFailed: failure(
    412,
    'PreconditionFailed',
    'The condition specified using HTTP conditional header(s) is not met.',
  ),
  throttled: failure(
    429,
    'SubscriptionRequestsThrottled',
    'Number of requests for subscription exceeded the limit. Please try again later.',
    {
      'retry-after': '1',
    },
  ),
  serverError: failure(
    500,
    'InternalServerError',
    'The server encountered an internal error. Please retry the request.',
  ),
  unavailable: failure(503, 'ServerBusy', 'The server is busy. Please try again later.', { 'retry-after': '1' }),
  deniedByPolicy: failure(
    403,
    'RequestDisallowedByPolicy',
    "Resource was disallowed by policy. Policy identifiers: 'allowed-locations'.",
  ),
  quotaExceeded: failure(400, 'SubscriptionQuotaExceeded', 'The subscription has reached its quota of namespaces.'),
  linkedAccess: failure(
    403,
    'LinkedAuthorizationFailed',
    'Linked access check failed for capture storage destination.',
  ),
} satisfies Record<string, Answer>;

/** Which requests fail, and how. */
export interface FaultRule {
  /** Any method when absent. */
  method?: string;
  /** Regular expression on the path without its query; case does not matter. */
  path: string;
  answer?: keyof typeof FAULTS | Answer;
  /** Instead of an answer: the request is accepted, and its long-running operation ends with this. */
  operationError?: { code: string; message: string };
  /** So many requests fail; every one when absent. */
  times?: number;
  /** So many pass before. */
  after?: number;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** What the first rule that fits does to this request; asking counts. */
  strike(request: ArmRequest): { answer?: Answer; operationError?: { code: string; message: string } } | undefined;
}

/** Counts a rule that fits. @returns whether it strikes this time. */
function isDue(rule: FaultRule): boolean {
  if (rule.after) {
    rule.after -= 1;
    return false;
  }
  if (rule.times === undefined) return true;
  rule.times -= 1;
  return rule.times >= 0;
}

const answerOf = ({ answer }: FaultRule) => (typeof answer === 'string' ? FAULTS[answer] : answer);

export function createFaults(rules: readonly FaultRule[] = []): Faults {
  let active = rules.map((rule) => ({ ...rule }));
  const fits = (rule: FaultRule, { method, path }: ArmRequest) =>
    (rule.method ?? method) === method && new RegExp(rule.path, 'i').test(path);
  return {
    add: (rule) => active.push({ ...rule }),
    clear: () => {
      active = [];
    },
    strike(request) {
      const rule = active.find((one) => fits(one, request) && isDue(one));
      if (!rule) return undefined;
      const answer = answerOf(rule);
      return { ...(answer && { answer }), ...(rule.operationError && { operationError: rule.operationError }) };
    },
  };
}
