import type { PlanJson, TerraformMessage } from '../../tools/terraform-messages.ts';

/** Told of every message as it comes; a message of unknown type has at least `@message`. */
export type OnMessage = (message: TerraformMessage) => void;

interface RunOptions {
  /** The working folder of one environment. */
  folder: string;
  /** Values of ephemeral variables; handed over in the environment, never in argv or a file. */
  secrets?: Readonly<Record<string, string>>;
  /**
   * On abort Terraform gets one SIGINT and is waited for until it has stopped by itself: it releases the lock and
   * writes what it knows. It is never killed.
   */
  signal: AbortSignal;
}

/** Terraform driven through its machine-readable UI. One object per command; it keeps no state between calls. */
export interface TerraformEngine {
  /** The version installed; undefined when there is none. */
  version(): Promise<string | undefined>;
  /** Installs providers and modules and reads the backend; never upgrades. */
  init(options: RunOptions & { onLine?: (line: string) => void }): Promise<void>;
  /**
   * Writes the plan to `planFile`.
   * @returns whether anything would change (`-detailed-exitcode`).
   */
  plan(
    options: RunOptions & { planFile: string; mode?: 'normal' | 'destroy' | 'refresh-only'; onMessage: OnMessage },
  ): Promise<{ changes: boolean }>;
  /** The saved plan as data (`show -json`). */
  showPlan(options: RunOptions & { planFile: string }): Promise<PlanJson>;
  apply(options: RunOptions & { planFile: string; onMessage: OnMessage }): Promise<void>;
  /** Outputs that are no secret, unwrapped. */
  outputs(options: RunOptions): Promise<Record<string, unknown>>;
  /** Addresses of everything in the state. */
  resources(options: RunOptions): Promise<string[]>;
  /** Takes a resource out of the state without touching it in Azure. */
  forget(options: RunOptions & { address: string }): Promise<void>;
  unlock(options: RunOptions & { lockId: string }): Promise<void>;
}
