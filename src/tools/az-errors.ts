/** What an error of az says, in pieces. */
export interface AzProblem {
  /** Code of Azure or Entra ID, or one of ours for what az says in words alone. */
  code: string | undefined;
  message: string;
}

/** Not signed in, or signed in as somebody az has forgotten. */
export const LOGIN_REQUIRED = 'LoginRequired';

/** az says these in words, without a code (azure-cli 2.45 and 2.74). */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/run 'az login'|Run `az login`|find token from MSAL cache|explicitly log in with/i, LOGIN_REQUIRED],
  [/Subscription '[^']*' not found|subscription of '[^']*' doesn't exist/i, 'SubscriptionNotFound'],
  [/do not have the required permissions needed to perform this operation/i, 'AuthorizationPermissionMismatch'],
  [/blocked by network rules of storage account/i, 'AuthorizationFailure'],
  [/Insufficient privileges to complete the operation/i, 'Authorization_RequestDenied'],
  [/role assignment already exists/i, 'RoleAssignmentExists'],
  [/storage account named \S+ is already taken/i, 'StorageAccountAlreadyTaken'],
  [/Max retries exceeded|Failed to establish a new connection|Name or service not known/i, 'ConnectionFailed'],
];

/** Where Azure's own code stands, by the part of az that prints it. */
const CODES: readonly RegExp[] = [
  /\b(AADSTS\d+)\b/,
  /^(?:ERROR: )?\(([A-Za-z][\w.]*)\)/m,
  /"code"\s*:\s*"([A-Za-z][\w.]*)"/,
  /^Code: ([A-Za-z][\w.]*)/m,
  /^ErrorCode:\s*([A-Za-z][\w.]*)/m,
];

/** Longest message that is kept; az quotes whole answers. */
const MESSAGE_LENGTH = 500;

/** Anything that has the form of a signed token. */
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

function codeOf(stderr: string): string | undefined {
  const entra = CODES[0]!.exec(stderr)?.[1];
  if (entra) return entra;
  const phrase = PHRASES.find(([pattern]) => pattern.test(stderr))?.[1];
  if (phrase) return phrase;
  for (const pattern of CODES) {
    const code = pattern.exec(stderr)?.[1];
    if (code) return code;
  }
  return undefined;
}

function quoted(text: string): string | undefined {
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  try {
    return message && (JSON.parse(message) as string);
  } catch {
    return undefined;
  }
}

function messageOf(stderr: string): string {
  const text = stderr.slice(Math.max(0, stderr.indexOf('ERROR: '))).replace(/^ERROR: /, '');
  const said = quoted(text) ?? text.split(/\n(?:Code: |Trace ID|RequestId:|Traceback)/)[0]!;
  const oneLine = said.replace(/\s+/g, ' ').replace(TOKEN, '(token)').trim();
  return oneLine.length > MESSAGE_LENGTH ? `${oneLine.slice(0, MESSAGE_LENGTH)}...` : oneLine;
}

/** Reads what az wrote to stderr: `ERROR: (Code) text`, the JSON answer that `az rest` quotes, or plain words. */
export function parseAzError(stderr: string): AzProblem {
  return { code: codeOf(stderr), message: messageOf(stderr) };
}

/** Whether only a new login helps: nobody signed in, or Entra ID refuses what is kept of it (every AADSTS code). */
export const needsLogin = (code: string | undefined): boolean =>
  code === LOGIN_REQUIRED || code === 'InvalidAuthenticationToken' || /^AADSTS\d+$/.test(code ?? '');

/** Whether it is a matter of rights, which waiting or another account may change. */
export const isDenied = (code: string | undefined): boolean =>
  [
    'AuthorizationFailed',
    'AuthorizationFailure',
    'AuthorizationPermissionMismatch',
    'Authorization_RequestDenied',
    'LinkedAuthorizationFailed',
  ].includes(code ?? '');

/** Whether what was asked for is not there. */
export const isNotFound = (code: string | undefined): boolean =>
  ['ResourceNotFound', 'ResourceGroupNotFound', 'NotFound', 'ContainerNotFound'].includes(code ?? '');
