import { describeModel } from '../../../lib/query/assistant/settings.ts';
import type { Machine } from '../../adapters/machine.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { ANSIBLE } from '../../tools/ansible.ts';
import { CLOUD_TOOLS } from '../../tools/cloud-tools.ts';
import { DATABASE_SERVER, DOCKER, NODE } from '../../tools/local-tools.ts';
import { isAtLeast, type Tool, type VersionedTool } from '../../tools/tool.ts';
import { confirm } from '../../ui/confirm.ts';
import { runSteps } from '../../ui/steps.ts';
import { localPaths } from '../local/paths.ts';

/** "fetchable": not there, and the command that needs it gets it by itself. */
export type ToolState = 'ok' | 'missing' | 'too old' | 'fetchable';

export interface ToolReport extends Pick<Tool, 'name' | 'purpose' | 'neededBy' | 'minimum' | 'required' | 'hint'> {
  state: ToolState;
  /** Version that was found, with where it came from when that matters. */
  found: string | null;
}

export interface DoctorReport {
  tools: ToolReport[];
  /** Whether something required is missing or too old. */
  lacking: boolean;
  /** What --fix has done. */
  fixed: string[];
}

const describe = ({ name, purpose, neededBy, minimum, required, hint }: Tool) => {
  return { name, purpose, neededBy, minimum, required, hint };
};

function judgeVersion(tool: Tool, version: string | undefined): ToolReport {
  if (!version) return { ...describe(tool), state: 'missing', found: null };
  return { ...describe(tool), state: isAtLeast(version, tool.minimum) ? 'ok' : 'too old', found: version };
}

async function checkVersioned(machine: Machine, tool: VersionedTool): Promise<ToolReport> {
  return judgeVersion(tool, await machine.findVersion(tool));
}

async function checkDatabase(context: Context): Promise<ToolReport> {
  const { machine, settings } = context;
  const { cacheDir } = localPaths(settings.dir);
  const survey = await machine.surveyDatabaseServers(settings.searchPath, cacheDir);
  if (survey.server) {
    const { kind, version, path } = survey.server;
    const found = `${kind} ${version} (${path.startsWith(cacheDir) ? 'fetched' : path})`;
    return { ...describe(DATABASE_SERVER), state: 'ok', found };
  }
  const found = survey.unusable.map(({ path, reason }) => `${path} ${reason}`).join('; ') || null;
  return { ...describe(DATABASE_SERVER), state: survey.fetchable ? 'fetchable' : 'missing', found };
}

const LANGUAGE_MODEL: Tool = {
  name: 'language model',
  purpose: 'helps oms ask to read questions; without one it reads by rules',
  neededBy: ['oms ask --provider'],
  minimum: '-',
  required: false,
  hint: 'OMS_AI_PROVIDER, OMS_AI_BASE_URL, OMS_AI_MODEL, OMS_AI_API_KEY: docs/ask-models.md',
};

/** Which model is configured; nothing is sent to it. */
function judgeModel({ settings }: Context): ToolReport {
  try {
    const model = settings.model?.();
    return { ...describe(LANGUAGE_MODEL), state: model ? 'ok' : 'missing', found: model ? describeModel(model) : null };
  } catch (error) {
    return { ...describe(LANGUAGE_MODEL), state: 'missing', found: null, hint: messageOf(error) };
  }
}

async function examine(context: Context): Promise<ToolReport[]> {
  const { machine } = context;
  return Promise.all([
    judgeVersion(NODE, process.versions.node),
    checkDatabase(context),
    ...[DOCKER, ...CLOUD_TOOLS, ANSIBLE].map((tool) => checkVersioned(machine, tool)),
    judgeModel(context),
  ]);
}

async function confirmFix(context: Context, yes: boolean): Promise<void> {
  const question = "Fetch the distribution's database server package (about 7 MB) into the cache?";
  if (yes || (await confirm(context.terminal, question, 'oms doctor --fix --yes'))) return;
  throw new OmsError('refused', 'nothing was changed', { next: ['oms doctor --fix --yes'] });
}

async function fetchDatabase(context: Context): Promise<string> {
  const { machine, settings, signal, terminal } = context;
  const fixed: string[] = [];
  const run = async (_: unknown, report: (activity: string) => void) => {
    const server = await machine
      .fetchServer({ cacheDir: localPaths(settings.dir).cacheDir, report, signal })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        throw new OmsError('tool_missing', 'the database server package could not be fetched', {
          why: messageOf(error),
          next: [DATABASE_SERVER.hint],
          cause: error,
        });
      });
    fixed.push(`${server.kind} ${server.version}`);
    return fixed[0];
  };
  await runSteps(terminal, undefined, [{ title: 'Fetch the database server', run }]);
  return fixed.join();
}

const isLacking = ({ required, state }: ToolReport) => required && (state === 'missing' || state === 'too old');

/**
 * Looks for every tool at once; with `fix` gets what can be had without installing anything.
 * @throws {OmsError} refused when nobody said yes, tool_missing when fetching fails.
 */
export async function doctor(context: Context, options: { fix: boolean; yes: boolean }): Promise<DoctorReport> {
  let tools = await examine(context);
  const fixed: string[] = [];
  const fetchable = tools.some(({ state }) => state === 'fetchable');
  if (options.fix && fetchable) {
    await confirmFix(context, options.yes);
    fixed.push(await fetchDatabase(context));
    tools = await examine(context);
  }
  return { tools, lacking: tools.some(isLacking), fixed };
}
