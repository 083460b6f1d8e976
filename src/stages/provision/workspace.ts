import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { backendFile, firstOfMonth, terraformVariables } from '../../render/terraform.ts';
import type { Environment, EnvironmentPaths } from './environment.ts';
import { leftBehind, refuseWhileTerraformRuns } from './left-behind.ts';

export interface WorkspaceOptions {
  /** Of whom Terraform runs as; without it the template asks Azure. */
  deployerObjectId?: string | undefined;
  /** Takes the protection of the resources away, for destroying them. */
  release?: boolean;
}

/** What the template is laid over with to release what it protects. */
const RELEASE = 'release';

/** What Terraform would read beside the template. */
const READ_BY_TERRAFORM = /\.tf(?:\.json)?$|\.auto\.tfvars(?:\.json)?$|^terraform\.tfvars(?:\.json)?$/;

const Budgeted = Type.Object({ budget: Type.Object({ start_date: Type.String() }) });

/** A budget begins when it was first made: another date would make it anew with every month. */
async function budgetStart(paths: Pick<EnvironmentPaths, 'variables'>, context: Context): Promise<string> {
  const former = await context.machine.readJson(paths.variables, Budgeted);
  return former?.budget.start_date ?? firstOfMonth(context.now());
}

async function copyTemplate(folder: string, context: Context, release: boolean): Promise<void> {
  const template = context.machine.templateFolder('terraform');
  const sources = release ? [template, join(template, RELEASE)] : [template];
  await context.machine.syncFolder(sources, folder, (path) => path.startsWith(`${RELEASE}/`) || path.endsWith('.md'));
}

async function strangers(paths: EnvironmentPaths, context: Context): Promise<string[]> {
  const rendered = new Set([paths.variables, paths.backend]);
  const found = await context.machine.strangersIn(paths.terraform);
  return found.filter(
    (path) =>
      READ_BY_TERRAFORM.test(path) && !path.startsWith('.terraform/') && !rendered.has(join(paths.terraform, path)),
  );
}

async function fill(environment: Environment, paths: EnvironmentPaths, context: Context, options: WorkspaceOptions) {
  const { machine } = context;
  const occasion = { firstOfMonth: await budgetStart(paths, context), deployerObjectId: options.deployerObjectId };
  await machine.makeFolder(paths.folder);
  await copyTemplate(paths.terraform, context, options.release ?? false);
  machine.writeJson(paths.variables, terraformVariables(environment, occasion));
  machine.writeJson(paths.backend, backendFile(environment, paths));
  await rm(paths.plan, { force: true });
}

/**
 * Makes `.oms/<env>/terraform` ready for Terraform: this version's template, the environment's values, its backend.
 * Providers, their lock file and a state that are there stay. Tells what an unfinished run has left.
 * @returns what was told.
 * @throws {OmsError} state_locked while Terraform of an earlier run is at work; disk when the folder cannot be used.
 */
export async function prepareWorkspace(
  environment: Environment,
  paths: EnvironmentPaths,
  context: Context,
  options: WorkspaceOptions = {},
): Promise<string[]> {
  await refuseWhileTerraformRuns(paths, context);
  const notes = await leftBehind(paths, context);
  try {
    await fill(environment, paths, context, options);
    const foreign = await strangers(paths, context);
    if (foreign.length > 0)
      notes.push(`Terraform reads these files as well, which are not of oms: ${foreign.join(', ')}`);
  } catch (error) {
    throw new OmsError('disk', `${paths.terraform} cannot be used`, {
      why: messageOf(error),
      next: [`mv ${paths.folder} ${paths.folder}.broken   (the state in Azure is not touched)`],
      cause: error,
    });
  }
  for (const note of notes) context.terminal.note(note);
  return notes;
}
