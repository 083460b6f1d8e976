import { OmsError } from '../errors.ts';

/** What is known of a task that failed: the parts of a result that say why. */
export interface FailedTask {
  task: string;
  host: string;
  outcome: string;
  item?: string;
  message?: string;
  stdout?: string;
  stderr?: string;
}

interface Rule {
  pattern: RegExp;
  code: 'host_unreachable' | 'deploy_failed' | 'disk';
  what: (host: string) => string;
  why: string | ((text: string) => string);
  next: (host: string) => string[];
}

/** Reasons that have another next step than "read what it said", the most particular first. */
const RULES: readonly Rule[] = [
  {
    // What oms_up.py says first. The lines of the container's log behind it are not looked at: they may say anything.
    pattern: /^container oms-\S+ (?:never|ends|exits|does not)/,
    code: 'deploy_failed',
    what: (host) => `${host}: a service of the new release does not become healthy`,
    why: (text) => text.split('\n', 1).join(),
    next: (host) => [`oms logs --env <name> --host ${host}`],
  },
  {
    pattern: /sudo: a password is required|Missing sudo password|sudo: a terminal is required/i,
    code: 'deploy_failed',
    what: (host) => `${host}: sudo asks for a password`,
    why: 'oms never types a password; the account needs sudo without one',
    next: (host) => [
      `on ${host}: echo "$USER ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/oms`,
      'or deploy as root: --hosts root@...',
    ],
  },
  {
    pattern: /is not in the sudoers file|may not run sudo|not allowed to execute/i,
    code: 'deploy_failed',
    what: (host) => `${host}: the account may not become root`,
    why: 'Docker, the firewall and the secrets need root',
    next: (host) => [`let the account use sudo on ${host}, or deploy as root: --hosts root@...`],
  },
  {
    pattern:
      /python3?: (?:command )?not found|python3: No such file|interpreter .*not found|\/usr\/bin\/python3: not found/i,
    code: 'deploy_failed',
    what: (host) => `${host} has no Python`,
    why: 'Ansible runs its modules with /usr/bin/python3 on the server',
    next: (host) => [`on ${host}: sudo apt-get install -y python3`],
  },
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|not enough free space/i,
    code: 'disk',
    what: (host) => `${host}: the disk is full`,
    why: 'a release, its images and the database need room',
    next: (host) => [`on ${host}: df -h / /var/lib/docker`, `on ${host}: sudo docker system df`],
  },
  {
    pattern:
      /Cannot connect to the Docker daemon|docker: (?:command )?not found|No such file or directory: b?'docker'/i,
    code: 'deploy_failed',
    what: (host) => `${host}: Docker does not answer`,
    why: 'it is not installed, or its service has stopped',
    next: (host) => ['oms deploy without --skip-base sets it up', `on ${host}: sudo systemctl status docker`],
  },
  {
    pattern: /port is already allocated|address already in use/i,
    code: 'deploy_failed',
    what: (host) => `${host}: a port of the shop is taken`,
    why: 'something else listens where Traefik should',
    next: (host) => [`on ${host}: sudo ss -ltnp`, 'stop it, or choose others: --http-port, --https-port'],
  },
  {
    pattern: /pull access denied|manifest unknown|no such host|failed to resolve reference|TLS handshake timeout/i,
    code: 'deploy_failed',
    what: (host) => `${host}: an image cannot be had`,
    why: 'the registry does not answer, or does not have it',
    next: () => ['oms deploy --save-images FILE on a machine that has a registry, then --images FILE here'],
  },
  {
    pattern: /is unhealthy|dependency failed to start|timeout waiting|exited \(\d+\)|has \d+ of \d+ containers/i,
    code: 'deploy_failed',
    what: (host) => `${host}: a service of the new release does not become healthy`,
    why: 'its health check failed until the gate closed',
    next: (host) => [`oms logs --env <name> --host ${host}`],
  },
];

const said = ({ message, stderr, stdout }: FailedTask) =>
  [message, stderr, stdout].filter((text): text is string => Boolean(text)).join('\n');

/** The last line that says something; a program puts its reason at the end. */
const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim();

const unreachable = ({ host, message }: FailedTask) =>
  new OmsError('host_unreachable', `${host} cannot be reached`, {
    why: (message && lastLine(message)) ?? 'SSH gave no reason',
    next: [`ssh to ${host} with the same user and key`, 'oms deploy --env <name> --check'],
    ...(message && { original: message }),
  });

/**
 * What went wrong in a play, from the first task that failed: what, why, next. Never repeats more than Ansible was
 * allowed to say.
 */
export function playFailure(failed: readonly FailedTask[]): OmsError {
  const [first] = failed;
  if (!first) return new OmsError('deploy_failed', 'Ansible failed without naming a task', { next: ['oms doctor'] });
  const text = said(first);
  const rule = RULES.find(({ pattern }) => pattern.test(text));
  if (!rule && first.outcome === 'unreachable') return unreachable(first);
  const task = `${first.task}${first.item ? ` (${first.item})` : ''}`;
  const original = `${task}\n${text}`.trim();
  if (rule) {
    const { code, what, why, next } = rule;
    const reason = typeof why === 'string' ? why : why(text);
    return new OmsError(code, what(first.host), { why: reason, next: next(first.host), original });
  }
  return new OmsError('deploy_failed', `${first.host}: "${task}" failed`, {
    why: lastLine(first.stderr ?? '') || lastLine(first.message ?? '') || 'it gave no reason',
    next: [`oms logs --env <name> --host ${first.host}`, 'oms deploy again goes on where this one stopped'],
    original,
  });
}
