import type { PlanJson, TerraformMessage } from '../../tools/terraform-messages.ts';

/** Told of every message as it comes; a message of unknown type has at least `@message`. */
export type OnMessage = (message: TerraformMessage) => void;

interface RunOptions {
  /** The working folder of one environment, `.oms/<name>/terraform`. */
  folder: string;
  /** Values of ephemeral variables; handed over in the environment, never in argv or a file. */
  secrets?: Readonly<Record<string, string>>;
  /**
   * On abort Terraform gets one SIGINT and is waited for until it has stopped by itself: it releases the lock and
   * writes what it knows. It is never killed.
   */
  signal: AbortSignal;
  /** Told of Terraform's process, which outlives this one should it have to leave. */
  onStart?: (pid: number) => void;
}

/**
 * Terraform driven through its machine-readable UI. One object per command; it keeps no state between calls.
 * Every method throws an {@link OmsError}: what Terraform or Azure refused, with its reason and the next step;
 * `tool_missing` without a terraform; the signal's reason once it was aborted.
 */
export interface TerraformEngine {
  /** Sent along with each request to Azure, so that all of a run are found in its activity log. */
  readonly correlationId: string;
  /** The version installed; undefined when there is none. */
  version(): Promise<string | undefined>;
  /** Installs providers and modules and reads the backend; never upgrades. */
  init(options: RunOptions & { onLine?: (line: string) => void }): Promise<void>;
  /**
   * Writes the plan to `planFile`.
   * @returns whether anything would change (`-detailed-exitcode`).
   */
  plan(
    options: RunOptions & {
      planFile: string;
      mode?: 'normal' | 'destroy' | 'refresh-only';
      /** Addresses it is limited to, with what depends on them; everything without it. */
      targets?: readonly string[];
      onMessage: OnMessage;
    },
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
