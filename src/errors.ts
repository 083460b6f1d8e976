/** What a process ends with; documented in docs/exit-codes.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  missing: 4,
  environment: 5,
  askedBack: 6,
  outOfScope: 7,
  /** Drift was found; the same as Terraform's plan -detailed-exitcode. */
  drifted: 2,
  interrupted: 130,
} as const;

/** Every kind of failure that is expected, with the exit code it ends in. Scripts may rely on both. */
export const ERROR_CODES = {
  check_failed: EXIT.failed,
  usage: EXIT.usage,
  input_file: EXIT.usage,
  refused: EXIT.refused,
  invalid_transition: EXIT.refused,
  not_found: EXIT.missing,
  tool_missing: EXIT.missing,
  credential_missing: EXIT.missing,
  login_missing: EXIT.missing,
  not_provisioned: EXIT.missing,
  stack_not_running: EXIT.missing,
  stack_not_ready: EXIT.environment,
  database_unreachable: EXIT.environment,
  database_schema: EXIT.environment,
  hub_unreachable: EXIT.environment,
  producer_unreachable: EXIT.environment,
  port_taken: EXIT.environment,
  query_timeout: EXIT.environment,
  answer_too_large: EXIT.environment,
  disk: EXIT.environment,
  process_failed: EXIT.environment,
  preflight_failed: EXIT.environment,
  azure_failed: EXIT.environment,
  terraform_failed: EXIT.environment,
  state_locked: EXIT.environment,
  not_deployed: EXIT.missing,
  host_unreachable: EXIT.environment,
  deploy_locked: EXIT.refused,
  incompatible_release: EXIT.refused,
  deploy_failed: EXIT.environment,
  interrupted: EXIT.interrupted,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * A failure that the person at the terminal can do something about: what failed (message), why, and what to do next.
 * Anything else that is thrown is a bug and shown as one.
 */
export class OmsError extends Error {
  override readonly name = 'OmsError';
  readonly code: ErrorCode;
  readonly why: string | undefined;
  /** Sentences or commands, the most promising first. */
  readonly next: readonly string[];
  /** What another program said, in its own words; shown below the rest. */
  readonly original: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { why?: string; next?: readonly string[]; original?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.why = details.why;
    this.next = details.next ?? [];
    this.original = details.original;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** The text of whatever was thrown; an AggregateError (a refused connection to localhost) has none of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

const FULL = ['ENOSPC', 'EDQUOT'];
const READ_ONLY = ['EROFS', 'EACCES', 'EPERM'];

/**
 * What the disk refuses, wherever it is met: no fault of the program.
 * @returns undefined for everything else
 */
export function diskFailure(error: unknown): OmsError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path, syscall = '' } = error as NodeJS.ErrnoException;
  const full = FULL.includes(code);
  // Of the same codes are a port, a program and a process that one may not have.
  const readOnly = READ_ONLY.includes(code) && path !== undefined && !syscall.startsWith('spawn');
  if (!full && !readOnly) return undefined;
  return new OmsError('disk', full ? 'the disk is full' : `${path} may not be read or written`, {
    why: error.message,
    next: full ? ['df -h .', 'make room, or set OMS_DIR to a folder elsewhere'] : ['ls -ld .oms', 'or set OMS_DIR'],
    cause: error,
  });
}
