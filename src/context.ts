import { createAnsible } from './adapters/ansible/create-engine.ts';
import type { AnsibleEngine } from './adapters/ansible/engine.ts';
import type { Cloud } from './adapters/azure/cloud.ts';
import { createCloud } from './adapters/azure/create-cloud.ts';
import { createMachine, type Machine } from './adapters/machine.ts';
import { createRemote } from './adapters/ssh/create-remote.ts';
import type { Remote } from './adapters/ssh/remote.ts';
import { createEngine } from './adapters/terraform/create-engine.ts';
import type { TerraformEngine } from './adapters/terraform/engine.ts';
import { readSettings, type Settings } from './config/settings.ts';
import { createTerminal, type Terminal } from './ui/terminal.ts';

/** What a stage is handed: settings, the terminal, a clock, and the signal that ends everything on Ctrl-C. */
export interface Context {
  settings: Settings;
  terminal: Terminal;
  machine: Machine;
  cloud: Cloud;
  terraform: TerraformEngine;
  remote: Remote;
  ansible: AnsibleEngine;
  signal: AbortSignal;
  /** Calls back on each Ctrl-C after the first, where the command would rather explain than leave. */
  onInsist: (listener: () => void) => void;
  now: () => Date;
}

/** The composition root: built once a command, from its global flags and the environment. */
export function createContext(
  flags: { json: boolean; quiet: boolean; input: boolean },
  signal: AbortSignal,
  onInsist: Context['onInsist'] = () => undefined,
): Context {
  const settings = readSettings();
  return {
    settings,
    terminal: createTerminal({ ...flags, ascii: settings.ascii ?? false }),
    machine: createMachine(),
    cloud: createCloud(signal),
    terraform: createEngine({ signal }),
    remote: createRemote(),
    ansible: createAnsible({ signal }),
    signal,
    onInsist,
    now: () => (settings.now ? new Date(settings.now) : new Date()),
  };
}
