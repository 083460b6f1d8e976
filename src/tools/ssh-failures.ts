import { quoteForShell, type SshTarget } from './ssh.ts';

/** Why ssh did not get a command to a server, as data. */
export const SSH_REASONS = [
  'refused',
  'timed-out',
  'unknown-name',
  'no-route',
  'key-changed',
  'key-unknown',
  'denied',
  'identity',
  'closed',
  'configuration',
  'other',
] as const;
export type SshReason = (typeof SSH_REASONS)[number];

export interface SshFailure {
  reason: SshReason;
  /** One sentence without its full stop. */
  why: string;
  /** The most promising first. */
  next: string[];
}

type Explain = (target: SshTarget, said: string) => Omit<SshFailure, 'reason'>;

/** How ssh is called by hand with the same key and the same list of hosts. */
export function callByHand({ address, port, user, identityFile, knownHosts }: SshTarget): string {
  const flags = [
    ...(identityFile ? ['-i', identityFile] : []),
    ...(port === 22 ? [] : ['-p', String(port)]),
    ...['-o', `UserKnownHostsFile=${knownHosts}`],
  ];
  return ['ssh', ...flags, `${user}@${address}`].map(quoteForShell).join(' ');
}

const nameInKnownHosts = ({ address, port }: SshTarget) => (port === 22 ? address : `[${address}]:${port}`);

const keyChanged: Explain = (target, said) => {
  const kind = /fingerprint for the (\S+) key/.exec(said)?.[1] ?? 'host';
  const print = /^(SHA256:\S+?)\.?$/m.exec(said)?.[1];
  const { port, address, knownHosts } = target;
  const forget = ['ssh-keygen', '-R', nameInKnownHosts(target), '-f', knownHosts].map(quoteForShell).join(' ');
  return {
    why: `its ${kind} key is another one than before${print ? ` (now ${print})` : ''}: the server was made anew, or somebody stands between`,
    next: [
      `look at it: ssh-keyscan -p ${port} ${address} | ssh-keygen -lf -`,
      `compare at the server's console: ssh-keygen -lf /etc/ssh/ssh_host_${kind.toLowerCase()}_key.pub`,
      `if it is the server's: ${forget}`,
    ],
  };
};

/** "Offering public key: /home/a/.ssh/id ED25519 SHA256:... explicit", as often as ssh -v says it. */
function offeredKeys(said: string): string[] {
  const lines = [...said.matchAll(/^debug1: Offering public key: (.+?)(?: (?:explicit|agent))*\r?$/gm)];
  return [...new Set(lines.map((match) => match[1]!))];
}

const denied: Explain = (target, said) => {
  const offered = offeredKeys(said);
  const { user, identityFile } = target;
  const keys = offered.length === 0 ? 'no key was offered' : `offered: ${offered.join(', ')}`;
  return {
    why: `the server does not let ${user} in; ${keys}`,
    next: [
      identityFile
        ? `put the public key into ~/.ssh/authorized_keys of ${user} on the server: ssh-copy-id -i ${quoteForShell(identityFile)} ${user}@${target.address}`
        : 'name the private key: --identity-file FILE, or add it to the agent: ssh-add FILE',
      callByHand(target),
    ],
  };
};

const NO_SUCH_KEY = /no such identity: .*No such file|not accessible: No such file/;

const identity: Explain = (target, said) => {
  const file = target.identityFile ?? '~/.ssh';
  const open = /UNPROTECTED PRIVATE KEY FILE|bad permissions/.test(said);
  const missing = NO_SUCH_KEY.test(said);
  if (open) return { why: `others may read the private key ${file}`, next: [`chmod 600 ${quoteForShell(file)}`] };
  if (missing) return { why: `there is no private key ${file}`, next: [`ls -l ${quoteForShell(file)}`] };
  return {
    why: `the private key ${file} cannot be used: it is none, or it has a passphrase`,
    next: [`ssh-keygen -y -f ${quoteForShell(file)}`, `with a passphrase: ssh-add ${quoteForShell(file)}`],
  };
};

const RULES: readonly [reason: SshReason, pattern: RegExp, explain: Explain][] = [
  ['key-changed', /HOST IDENTIFICATION HAS CHANGED/, keyChanged],
  [
    'key-unknown',
    /Host key verification failed|No \S+ host key is known/,
    (target) => ({
      why: 'its host key could not be checked',
      next: [`ls -l ${target.knownHosts}`, callByHand(target)],
    }),
  ],
  ['identity', /UNPROTECTED PRIVATE KEY|no such identity: |not accessible: No such file|^Load key .*: /m, identity],
  ['denied', /Permission denied \(|Too many authentication failures|No supported authentication methods/, denied],
  [
    'unknown-name',
    /Could not resolve hostname/,
    ({ address }) => ({ why: `the name ${address} is not known`, next: [`getent hosts ${address}`] }),
  ],
  [
    'refused',
    /Connection refused/,
    (target) => ({
      why: `nothing listens on port ${target.port} of ${target.address}`,
      next: ['see that sshd runs there, and on which port: systemctl status ssh', callByHand(target)],
    }),
  ],
  [
    'timed-out',
    /timed out|Timeout, server .* not responding/i,
    (target) => ({
      why: `${target.address} does not answer on port ${target.port}`,
      next: ['see that the server runs and that no firewall is in between', callByHand(target)],
    }),
  ],
  [
    'no-route',
    /No route to host|Network is unreachable/,
    ({ address }) => ({ why: `there is no way to ${address} from here`, next: [`ip route get ${address}`] }),
  ],
  [
    'configuration',
    /Bad configuration option|Bad owner or permissions|keyword .* extra arguments|terminating, \d+ bad configuration/,
    (_, said) => ({ why: `ssh does not take its configuration: ${firstLine(said)}`, next: ['ls -l ~/.ssh/config'] }),
  ],
  [
    'closed',
    /Connection (?:closed|reset)|closed by remote host|Broken pipe|kex_exchange_identification|mux_client/,
    (target) => ({
      why: 'the server closed the connection',
      next: ["look at sshd's log there: journalctl -u ssh -n 20", callByHand(target)],
    }),
  ],
];

const firstLine = (text: string) => text.trim().split('\n')[0] ?? '';

/** What ssh's own words mean, from the first rule they fit. @param said stderr of the call, and of one that explained it. */
export function readSshFailure(target: SshTarget, said: string): SshFailure {
  for (const [reason, pattern, explain] of RULES) {
    if (pattern.test(said)) return { reason, ...explain(target, said) };
  }
  const last = said.trim().split('\n').at(-1);
  return {
    reason: 'other',
    why: last ? `ssh says: ${last}` : 'ssh ended without saying why, or the connection broke',
    next: [callByHand(target)],
  };
}

/** Why sudo did not run a command; undefined when what was said is not sudo's. */
export function readSudoFailure(user: string, said: string): { why: string; next: string[] } | undefined {
  const rule = `as root on the server: echo '${user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/oms && chmod 440 /etc/sudoers.d/oms`;
  if (/sudo: a (?:terminal|password) is required|sudo: sorry, you must have a tty/.test(said)) {
    return { why: `sudo asks ${user} for a password, and nobody is there to type one`, next: [rule] };
  }
  if (/is not in the sudoers file|is not allowed to (?:execute|run)|may not run sudo/.test(said)) {
    return { why: `${user} may not use sudo`, next: [rule] };
  }
  if (/sudo: (?:command )?not found|sudo: No such file/.test(said)) {
    return { why: 'there is no sudo on the server', next: ['as root on the server: apt-get install sudo', rule] };
  }
  return undefined;
}
