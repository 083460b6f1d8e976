import { checkValues } from './checks.ts';
import { plan, replacements } from './planning.ts';
import { type Path, type Problem, type Provider, Refused } from './provider.ts';
import { schemaMessage } from './schema-messages.ts';
import type { BlockSchema } from './schema-types.ts';
import { type DynamicValue, decodeValue, encodeValue } from './values.ts';

/** Requests of the protocol, as far as they are looked at. */
interface Request {
  typeName: string;
  config?: DynamicValue;
  currentState?: DynamicValue;
  priorState?: DynamicValue;
  proposedNewState?: DynamicValue;
  plannedState?: DynamicValue;
  rawState?: { json: Uint8Array };
}

export type Handler = (request: Request) => object | Promise<object>;

const SEVERITY = { error: 1, warning: 2 } as const;

function pathMessage(path: Path): object {
  return {
    steps: path.map((step) => (typeof step === 'number' ? { elementKeyInt: step } : { attributeName: step })),
  };
}

function diagnostics(problems: readonly Problem[]): object[] {
  return problems.map(({ severity, summary, detail, path }) => ({
    severity: SEVERITY[severity],
    summary,
    detail,
    ...(path && { attribute: pathMessage(path) }),
  }));
}

/** A refusal becomes a diagnostic; anything else is a bug of the stand-in and goes up. */
async function refusing(work: () => Promise<object>, onRefused: object): Promise<object> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const problem: Problem = { severity: 'error', summary: error.message, detail: error.detail };
    return { ...onRefused, diagnostics: diagnostics([problem]) };
  }
}

const schemasOf = (blocks: Record<string, BlockSchema>) =>
  Object.fromEntries(Object.entries(blocks).map(([name, block]) => [name, schemaMessage(block)]));

/** The calls of the protocol, answered by a provider. */
export function createService(provider: Provider): Record<string, Handler> {
  const { schema } = provider;
  const resource = (type: string) => schema.resources[type]!;
  return {
    GetSchema: () => ({
      provider: schemaMessage(schema.provider),
      resourceSchemas: schemasOf(schema.resources),
      dataSourceSchemas: schemasOf(schema.data),
      serverCapabilities: { planDestroy: false },
    }),
    PrepareProviderConfig: ({ config }) => ({ preparedConfig: config }),
    ValidateResourceTypeConfig: ({ typeName, config }) => ({
      diagnostics: diagnostics(checkValues(resource(typeName), decodeValue(config)!)),
    }),
    ValidateDataSourceConfig: () => ({}),
    UpgradeResourceState: ({ rawState }) => ({ upgradedState: { json: rawState!.json } }),
    Configure: ({ config }) => ({ diagnostics: diagnostics(provider.configure(decodeValue(config) ?? {})) }),
    ReadResource: ({ typeName, currentState }) =>
      refusing(async () => ({ newState: encodeValue(await provider.read(typeName, decodeValue(currentState)!)) }), {
        newState: currentState,
      }),
    PlanResourceChange: (request) => refusing(async () => planChange(provider, request), {}),
    ApplyResourceChange: (request) => refusing(() => applyChange(provider, request), { newState: request.priorState }),
    ImportResourceState: () => ({
      diagnostics: diagnostics([{ severity: 'error', summary: 'the schema stand-in imports nothing' }]),
    }),
    ReadDataSource: ({ typeName, config }) =>
      refusing(async () => ({ state: encodeValue(await provider.readData(typeName, decodeValue(config)!)) }), {}),
    Stop: () => ({}),
  };
}

/** The legacy type system is what azurerm's SDK declares: a plan may differ from the configuration. */
function planChange(provider: Provider, request: Request): object {
  const proposed = decodeValue(request.proposedNewState);
  if (proposed === null) return { plannedState: request.proposedNewState };
  const block = provider.schema.resources[request.typeName]!;
  const prior = decodeValue(request.priorState);
  const planned = plan(block, proposed, prior);
  const custom = provider.customisePlan(request.typeName, prior, planned);
  const paths = prior === null ? [] : [...replacements(block, prior, planned), ...custom];
  return { plannedState: encodeValue(planned), requiresReplace: paths.map(pathMessage), legacyTypeSystem: true };
}

async function applyChange(provider: Provider, request: Request): Promise<object> {
  const [prior, planned] = [decodeValue(request.priorState), decodeValue(request.plannedState)];
  if (planned === null) {
    await provider.destroy(request.typeName, prior!);
    return { newState: encodeValue(null) };
  }
  const state = await provider.apply(request.typeName, prior, planned, decodeValue(request.config) ?? {});
  return { newState: encodeValue(state), legacyTypeSystem: true };
}
