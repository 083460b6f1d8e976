import type { VersionedTool } from './tool.ts';

/** What sets servers up and rolls releases out. 2.16 is the oldest that is still in a supported distribution. */
export const ANSIBLE: VersionedTool = {
  name: 'ansible',
  purpose: 'sets servers up and rolls releases out',
  neededBy: ['oms deploy', 'oms rollback', 'oms backup'],
  minimum: '2.16.0',
  required: false,
  hint: 'oms deploy fetches it where the distribution has packages; elsewhere: pipx install ansible-core',
  command: 'ansible-playbook',
  versionArguments: ['--version'],
  // It stops with an error where the locale is not UTF-8.
  versionEnvironment: { LC_ALL: 'C.UTF-8' },
  versionDeadlineMs: 15_000,
};

/** Name of the callback plugin of templates/ansible/callback. */
const CALLBACK = 'oms_events';

export interface PlayArguments {
  /** Path of the playbook. */
  playbook: string;
  inventory: string;
  variables: string;
  limit?: readonly string[] | undefined;
  check?: boolean | undefined;
}

export const playArguments = ({ playbook, inventory, variables, limit, check = false }: PlayArguments): string[] => [
  `--inventory=${inventory}`,
  `--extra-vars=@${variables}`,
  ...(limit ? [`--limit=${limit.join(',')}`] : []),
  ...(check ? ['--check'] : []),
  playbook,
];

/** Longest path of a Unix socket on Linux, less what Ansible and ssh add while they make one. */
const SOCKET_FOLDER_BYTES = 107 - 11 - 17;

/**
 * What Ansible is told beside its arguments.
 * @param folder of the playbooks
 * @param scratch a folder of ours: everything Ansible would write to the home folder goes there
 */
export function ansibleEnvironment(folder: string, scratch: string): Record<string, string> {
  const sockets = `${scratch}/cp`;
  return {
    LC_ALL: 'C.UTF-8',
    ANSIBLE_CONFIG: `${folder}/ansible.cfg`,
    ANSIBLE_HOME: scratch,
    ANSIBLE_LOCAL_TEMP: `${scratch}/tmp`,
    ANSIBLE_CALLBACK_PLUGINS: `${folder}/callback`,
    ANSIBLE_STDOUT_CALLBACK: CALLBACK,
    ANSIBLE_FORCE_COLOR: '0',
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_DEPRECATION_WARNINGS: '0',
    ANSIBLE_LOCALHOST_WARNING: '0',
    ANSIBLE_DEVEL_WARNING: '0',
    // Where the path is too long for a socket, each task connects by itself: slower, but it works.
    ANSIBLE_SSH_ARGS:
      Buffer.byteLength(sockets) <= SOCKET_FOLDER_BYTES
        ? '-o ControlMaster=auto -o ControlPersist=30s'
        : '-o ControlPath=none',
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
    // Compiled once beside the files, where this user may write; a second start takes half as long.
    PYTHONDONTWRITEBYTECODE: '',
  };
}

/** The shell's own settings would have another callback speak, skip tasks, or ask for passwords. */
export const isWithheldFromAnsible = (name: string): boolean => /^ANSIBLE_|^PYTHON(?:HOME|STARTUP)$/.test(name);
