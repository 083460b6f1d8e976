import { AZ } from '../../../tools/az.ts';
import { TERRAFORM } from '../../../tools/terraform.ts';
import { isAtLeast, type Tool } from '../../../tools/tool.ts';
import { type Check, failed, ok, type Verdict } from './check.ts';

function judge(tool: Tool, version: string | undefined): Verdict {
  if (!version) return failed(`${tool.name} is not installed, or not on PATH`, tool.hint);
  if (isAtLeast(version, tool.minimum)) return ok(version);
  return failed(`${tool.name} ${version} is too old, ${tool.minimum} or later is needed`, tool.hint);
}

/** The programs the rest is done with. */
export const TOOL_CHECKS: readonly Check[] = [
  {
    name: 'terraform',
    needs: [],
    run: async ({ context }) => judge(TERRAFORM, await context.terraform.version()),
  },
  { name: 'az', needs: [], run: async ({ context }) => judge(AZ, await context.cloud.azVersion()) },
];
