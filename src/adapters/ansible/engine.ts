/** What one task did on one host. */
export interface TaskResult {
  play: string;
  /** Its name in the playbook, without "role : ". */
  task: string;
  host: string;
  outcome: 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable';
  /** Of a loop: which item. */
  item?: string;
  seconds?: number;
  /** Of a failure: what the module said. */
  message?: string;
  stdout?: string;
  stderr?: string;
}

export interface PlayRecap {
  /** By host. */
  hosts: Record<string, { ok: number; changed: number; failures: number; unreachable: number; skipped: number }>;
  /** Of all hosts together. */
  changed: number;
  failed: TaskResult[];
}

export interface PlayCall {
  /** A file of templates/ansible, such as "prepare.yml". */
  playbook: string;
  /** Folder the playbook is in. */
  folder: string;
  inventory: string;
  /** JSON file with variables; secrets are never in it. */
  variables: string;
  /** Only these hosts. */
  limit?: readonly string[];
  /** Nothing is changed; what would be is told. */
  check?: boolean;
  /** A folder of ours for Ansible's own files. */
  scratch: string;
  /** Called as each task begins and ends. */
  onTask: (event: { kind: 'started'; play: string; task: string } | { kind: 'result'; result: TaskResult }) => void;
  /** On abort Ansible gets one SIGINT and is waited for. */
  signal: AbortSignal;
}

/**
 * Ansible driven through events of its own callback. Throws an {@link OmsError}: tool_missing without an Ansible that
 * can be had; deploy_failed when it could not start or spoke in a way that is not understood. A task that failed is not
 * an error here: it is in the recap.
 */
export interface AnsibleEngine {
  /** Version of ansible-core that would run; undefined when there is none yet. */
  version(): Promise<string | undefined>;
  /**
   * Makes sure there is one: the machine's own when it is new enough and has community.docker, else packages of the
   * distribution, unpacked into the cache.
   */
  provide(cacheDir: string, report: (activity: string) => void): Promise<void>;
  play(call: PlayCall): Promise<PlayRecap>;
}
