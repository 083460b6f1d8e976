import { createMachine, type Machine } from './adapters/machine.ts';
import { readSettings, type Settings } from './config/settings.ts';
import { createTerminal, type Terminal } from './ui/terminal.ts';

/** What a stage is handed: settings, the terminal, a clock, and the signal that ends everything on Ctrl-C. */
export interface Context {
  settings: Settings;
  terminal: Terminal;
  machine: Machine;
  signal: AbortSignal;
  now: () => Date;
}

/** The composition root: built once a command, from its global flags and the environment. */
export function createContext(flags: { json: boolean; quiet: boolean; input: boolean }, signal: AbortSignal): Context {
  const settings = readSettings();
  return {
    settings,
    terminal: createTerminal(flags),
    machine: createMachine(),
    signal,
    now: () => (settings.now ? new Date(settings.now) : new Date()),
  };
}
