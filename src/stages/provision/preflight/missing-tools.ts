import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { AZ } from '../../../tools/az.ts';
import { TERRAFORM } from '../../../tools/terraform.ts';

/**
 * Without az there is no account, and the run ends before the preflight: whether Terraform is missing as well is told at
 * once, and what can be had without either. Any other error is handed back as it is.
 */
export async function withAllMissingTools(error: unknown, { terraform }: Context): Promise<unknown> {
  if (!(error instanceof OmsError) || error.code !== 'tool_missing') return error;
  const both = (await terraform.version()) === undefined;
  return new OmsError('tool_missing', both ? 'az and terraform are not installed, or not on PATH' : error.message, {
    next: [AZ.hint, ...(both ? [TERRAFORM.hint] : []), 'oms cost --rate 5000 (the sizing alone, which needs no tool)'],
    cause: error,
  });
}
