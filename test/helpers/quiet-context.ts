import { createAnsible } from '../../src/adapters/ansible/create-engine.ts';
import { createCloud } from '../../src/adapters/azure/create-cloud.ts';
import { createMachine } from '../../src/adapters/machine.ts';
import { createRemote } from '../../src/adapters/ssh/create-remote.ts';
import { createEngine } from '../../src/adapters/terraform/create-engine.ts';
import type { Context } from '../../src/context.ts';
import { createTerminal } from '../../src/ui/terminal.ts';

/** The context of a command that prints nothing, with `localDir` as the folder of the local stack. */
export const quietContext = (localDir: string, signal = new AbortController().signal): Context => ({
  machine: createMachine(),
  cloud: createCloud(),
  terraform: createEngine(),
  remote: createRemote(),
  ansible: createAnsible(),
  settings: { dir: localDir, localDir, databaseUrl: undefined, now: undefined, timeZone: 'UTC', searchPath: '' },
  terminal: createTerminal({ json: true, quiet: true, input: false }),
  signal,
  onInsist: () => undefined,
  now: () => new Date(),
});
