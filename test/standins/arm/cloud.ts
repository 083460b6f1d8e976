import type { CloudState, LongRunningForm } from './state.ts';

/** What the handlers share: the state, and how this stand-in was told to behave. */
export interface Cloud {
  state: CloudState;
  /** Known once it listens: https://localhost:PORT */
  url: () => string;
  longRunning: LongRunningForm;
  /** Polls of a long-running operation until it is done. */
  polls: number;
  /** Value of Retry-After while it is not. */
  retryAfterSeconds: number;
  tokenSeconds: number;
  /** Names of namespaces, accounts and vaults that somebody else in the world has. */
  takenNames: ReadonlySet<string>;
  /** Where the data planes answer; {name} is the namespace, the account or the vault. */
  endpoints: { serviceBus: string; blob: string; vault: string };
}

export const endpointOf = (template: string, name: string) => template.replaceAll('{name}', name);
