import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where ssh connects to, and with what. */
export interface SshTarget {
  address: string;
  port: number;
  user: string;
  identityFile: string | null;
  knownHosts: string;
  controlFolder: string;
}

/** The code ssh itself ends with; all others are the command's own. */
export const SSH_FAILED = 255;

/** Seconds until a host that says nothing counts as away. */
const CONNECT_SECONDS = 10;
/** Seconds without a word after which a server is asked whether it is still there, and how often it may be silent. */
const ALIVE_SECONDS = 5;
const ALIVE_TIMES = 3;
/** Seconds a shared connection outlives its last command: it is ended anyway, unless oms was killed. */
const PERSIST_SECONDS = 30;

/** Longest path of a Unix socket on Linux, less the suffix that ssh gives it while it is made. */
const SOCKET_PATH_BYTES = 107 - 17;

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word for a POSIX shell, whatever is in it.
 * @throws {RangeError} for a NUL, which no argument can hold.
 */
export function quoteForShell(word: string): string {
  if (word.includes('\0')) throw new RangeError('an argument cannot hold a NUL');
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument list as another user: sudo never asks, it fails. */
export const asRoot = (argv: readonly string[]): string[] => ['sudo', '-n', '--', ...argv];

/** An argument list as the one string that the server's shell is given. */
export const remoteCommand = (argv: readonly string[]): string => argv.map(quoteForShell).join(' ');

/** In a file name of ssh's options a % begins a token, and blanks separate several names. */
const optionPath = (path: string) => `"${path.replaceAll('%', '%%').replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * The socket of the connection that all commands to a target share; undefined where its path would be too long, so
 * that each command has a connection of its own. Another key or another list of hosts is another connection.
 */
export function controlSocket(target: SshTarget): string | undefined {
  const { address, port, user, identityFile, knownHosts, controlFolder } = target;
  const facts = JSON.stringify([address, port, user, identityFile, knownHosts]);
  const path = join(controlFolder, createHash('sha256').update(facts).digest('hex').slice(0, 12));
  return Buffer.byteLength(path) <= SOCKET_PATH_BYTES ? path : undefined;
}

function sharing(target: SshTarget): string[] {
  const socket = controlSocket(target);
  if (!socket) return ['ControlMaster=no', 'ControlPath=none'];
  return ['ControlMaster=auto', `ControlPersist=${PERSIST_SECONDS}`, `ControlPath=${optionPath(socket)}`];
}

function options(target: SshTarget): string[] {
  return [
    'BatchMode=yes',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${optionPath(target.knownHosts)}`,
    `ServerAliveInterval=${ALIVE_SECONDS}`,
    `ServerAliveCountMax=${ALIVE_TIMES}`,
    'ForwardAgent=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    ...(target.identityFile ? [`IdentityFile=${optionPath(target.identityFile)}`, 'IdentitiesOnly=yes'] : []),
  ];
}

const asFlags = (values: readonly string[]) => values.flatMap((value) => ['-o', value]);

const destination = ({ user, port, address }: SshTarget) => ['-l', user, '-p', String(port), '--', address];

/** Runs a command on the target; stdin goes to it, and a terminal is never asked for. */
export function sshArguments(target: SshTarget, argv: readonly string[]): string[] {
  const flags = asFlags([...options(target), ...sharing(target), 'LogLevel=ERROR']);
  return ['-T', ...flags, ...destination(target), remoteCommand(argv)];
}

/** A connection of its own that says on stderr which keys it offers; for a target that has refused one. */
export function explainArguments(target: SshTarget): string[] {
  const flags = asFlags([...options(target), 'ControlMaster=no', 'ControlPath=none', 'LogLevel=DEBUG1']);
  return ['-T', ...flags, ...destination(target), 'true'];
}

/**
 * Joins stdin and stdout to a port as the target sees it. It uses the shared connection where there is one and never
 * begins one: a connection that carries somebody's bytes ends with them.
 */
export function forwardArguments(target: SshTarget, { host, port }: { host: string; port: number }): string[] {
  const socket = controlSocket(target);
  const path = `ControlPath=${socket ? optionPath(socket) : 'none'}`;
  const flags = asFlags([...options(target), 'ControlMaster=no', path, 'LogLevel=INFO']);
  return [...flags, '-W', `${host.includes(':') ? `[${host}]` : host}:${port}`, ...destination(target)];
}

/** Ends the shared connection; undefined where there can be none. */
export function endArguments(target: SshTarget): string[] | undefined {
  const socket = controlSocket(target);
  if (!socket) return undefined;
  return ['-O', 'exit', ...asFlags([`ControlPath=${optionPath(socket)}`, 'LogLevel=QUIET']), ...destination(target)];
}

/**
 * Runs a command that has no end of its own, and ends it when the other side closes its stdin: a server does not tell
 * a command that its connection has gone.
 */
export const endingWithInput = (argv: readonly string[]): string[] => ['sh', '-c', WATCH, 'sh', ...argv];

const WATCH = [
  'exec 3<&0',
  '"$@" </dev/null 3<&- & command=$!',
  '{ cat <&3 >/dev/null; kill "$command"; } 2>/dev/null & watch=$!',
  'exec 3<&-',
  'wait "$command"; code=$?',
  'kill "$watch" 2>/dev/null',
  'exit "$code"',
].join('\n');
