import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { debugWanted } from '../../config/settings.ts';
import { OmsError } from '../../errors.ts';
import {
  applyArguments,
  forgetArguments,
  initArguments,
  listArguments,
  outputArguments,
  PLAN_HAS_CHANGES,
  planArguments,
  showPlanArguments,
  TERRAFORM,
  unlockArguments,
} from '../../tools/terraform.ts';
import { PlanJson } from '../../tools/terraform-messages.ts';
import { findVersion } from '../exec/find-version.ts';
import type { TerraformEngine } from './engine.ts';
import { type Invocation, readJsonOutput, runForPeople, runWithMessages } from './invoke.ts';

const OutputValues = Type.Record(Type.String(), Type.Object({ sensitive: Type.Boolean(), value: Type.Unknown() }));

/** Where nothing was ever applied, Terraform lists nothing but fails. */
const hasNoState = (error: unknown) =>
  error instanceof OmsError && /^No state file was found/.test(error.original ?? error.message);

/**
 * The terraform program of the machine.
 * @param options.signal ends the question for its version; all else is given its own
 */
export function createEngine(
  options: { program?: string; debug?: boolean; signal?: AbortSignal } = {},
): TerraformEngine {
  const { program = TERRAFORM.command, debug = debugWanted(), signal } = options;
  const correlationId = randomUUID();
  const invocation: Invocation = { program, debug, correlationId };
  return {
    correlationId,
    version: () => findVersion({ ...TERRAFORM, command: program }, signal),
    async init({ onLine, ...options }) {
      const locked = existsSync(join(options.folder, '.terraform.lock.hcl'));
      const onMessage = (message: { '@message': string }) => onLine?.(message['@message']);
      await runWithMessages(invocation, initArguments(locked), { ...options, onMessage });
    },
    async plan({ planFile, mode, targets, ...options }) {
      const args = planArguments(planFile, mode, targets);
      const exitCode = await runWithMessages(invocation, args, options, [PLAN_HAS_CHANGES]);
      return { changes: exitCode === PLAN_HAS_CHANGES };
    },
    showPlan: ({ planFile, ...options }) => readJsonOutput(invocation, showPlanArguments(planFile), options, PlanJson),
    async apply({ planFile, ...options }) {
      await runWithMessages(invocation, applyArguments(planFile), options);
    },
    async outputs(options) {
      const values = await readJsonOutput(invocation, outputArguments(), options, OutputValues);
      const shown = Object.entries(values).filter(([, { sensitive }]) => !sensitive);
      return Object.fromEntries(shown.map(([name, { value }]) => [name, value]));
    },
    resources: (options) =>
      runForPeople(invocation, listArguments(), options).catch((error: unknown) => {
        if (hasNoState(error)) return [];
        throw error;
      }),
    async forget({ address, ...options }) {
      await runForPeople(invocation, forgetArguments(address), options);
    },
    async unlock({ lockId, ...options }) {
      await runForPeople(invocation, unlockArguments(lockId), options);
    },
  };
}
