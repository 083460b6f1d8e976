import { EventHubManagementClient } from 'arm-eventhub-mappers';
import type { Answer, ArmRequest } from './http.ts';

/** The parts of AutoRest's descriptions that are judged by. */
interface Mapper {
  serializedName?: string;
  required?: boolean;
  constraints?: {
    Pattern?: RegExp;
    MinLength?: number;
    MaxLength?: number;
    InclusiveMinimum?: number;
    InclusiveMaximum?: number;
  };
  type: {
    name: string;
    className?: string;
    modelProperties?: Record<string, Mapper>;
    element?: Mapper;
    value?: Mapper;
    allowedValues?: string[];
  };
}
interface Parameter {
  parameterPath: string | string[];
  mapper: Mapper;
}
/** Everything that has a name of its own. */
type Models = Record<string, Mapper>;
interface Operation {
  serializer: { modelMappers: Models };
  path: string;
  httpMethod: string;
  responses: Record<string, { bodyMapper?: Mapper }>;
  requestBody?: Parameter;
  urlParameters: Parameter[];
}

class Harvested extends Error {}

/** Asks the published client for each of its operations and keeps what it would have sent. */
async function harvestOperations(): Promise<Operation[]> {
  const operations = new Set<Operation>();
  const credential = { getToken: async () => ({ token: '', expiresOnTimestamp: 0 }) };
  const client = new EventHubManagementClient(credential, 'subscription');
  client.sendOperationRequest = (_values: unknown, operation: unknown) => {
    operations.add(operation as Operation);
    return Promise.reject(new Harvested());
  };
  const groups = Object.values(client).filter((group) => group?.constructor?.name.endsWith('Impl'));
  for (const group of groups as Record<string, (...values: string[]) => unknown>[]) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(group))) {
      if (/^constructor$|Paging|AndWait$/.test(name)) continue;
      const call = group[name]!('a', 'b', 'c', 'd', 'e', 'f') as Promise<unknown> & Partial<AsyncIterator<unknown>>;
      await (call.next ? call.next() : call).catch(() => undefined);
    }
  }
  return [...operations].filter(({ path }) => path.startsWith('/'));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Types that are no containers, as they look on the wire. */
const PRIMITIVES: Record<string, (value: unknown) => boolean> = {
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Number: (value) => typeof value === 'number',
  Uuid: (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  DateTime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  any: () => true,
};

function constraintFaults({ constraints = {} }: Mapper, value: unknown, at: string): string[] {
  const { Pattern, MinLength, MaxLength, InclusiveMinimum, InclusiveMaximum } = constraints;
  const length = typeof value === 'string' ? value.length : undefined;
  return [
    Pattern && !Pattern.test(String(value)) && `${at} does not match ${Pattern}`,
    length !== undefined && length < (MinLength ?? 0) && `${at} is shorter than ${MinLength}`,
    length !== undefined && length > (MaxLength ?? Infinity) && `${at} is longer than ${MaxLength}`,
    Number(value) < (InclusiveMinimum ?? -Infinity) && `${at} is below ${InclusiveMinimum}`,
    Number(value) > (InclusiveMaximum ?? Infinity) && `${at} is above ${InclusiveMaximum}`,
  ].filter((fault) => typeof fault === 'string');
}

/** Nested form of "properties.captureDescription": what a key of the wire holds. */
type Tree = Map<string, Mapper | Tree>;

function treeOf(properties: Record<string, Mapper>): Tree {
  const root: Tree = new Map();
  for (const mapper of Object.values(properties)) {
    const keys = (mapper.serializedName ?? '').split('.');
    let node = root;
    for (const key of keys.slice(0, -1)) {
      const next = node.get(key);
      const inner: Tree = next instanceof Map ? next : new Map();
      node.set(key, inner);
      node = inner;
    }
    node.set(keys.at(-1)!, mapper);
  }
  return root;
}

function treeFaults(models: Models, tree: Tree, value: unknown, at: string): string[] {
  if (!isObject(value)) return [`${at} is no object`];
  const unknown = Object.keys(value).filter((key) => !tree.has(key));
  const known = [...tree].flatMap(([key, inner]) => {
    const held = value[key];
    const here = at ? `${at}.${key}` : key;
    if (held === undefined || held === null)
      return !(inner instanceof Map) && inner.required ? [`${here} is missing`] : [];
    return inner instanceof Map ? treeFaults(models, inner, held, here) : faultsOf(models, inner, held, here);
  });
  return [...unknown.map((key) => `${at ? `${at}.` : ''}${key} is not known`), ...known];
}

/** What is wrong with a value of the wire. */
function faultsOf(models: Models, mapper: Mapper, value: unknown, at: string): string[] {
  const { type } = mapper;
  if (type.name === 'Composite') {
    const composite = type.modelProperties ? mapper : models[type.className!];
    return treeFaults(models, treeOf(composite?.type.modelProperties ?? {}), value, at);
  }
  if (type.name === 'Sequence') {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((one, index) => faultsOf(models, type.element!, one, `${at}[${index}]`));
  }
  if (type.name === 'Dictionary') {
    if (!isObject(value)) return [`${at} is no object`];
    return Object.entries(value).flatMap(([key, one]) => faultsOf(models, type.value!, one, `${at}.${key}`));
  }
  if (type.name === 'Enum')
    return type.allowedValues!.includes(value as string) ? [] : [`${at} is not one of ${type.allowedValues}`];
  const isFine = PRIMITIVES[type.name]?.(value) ?? false;
  return isFine ? constraintFaults(mapper, value, at) : [`${at} is no ${type.name}`];
}

/** Which operation a request is, and the values in its path. */
function recognise(operations: readonly Operation[], { method, path }: ArmRequest) {
  for (const operation of operations) {
    if (operation.httpMethod !== method) continue;
    const pattern = operation.path.replaceAll('$', '\\$').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`, 'i').exec(path);
    if (match) return { operation, values: { ...match.groups } };
  }
  return undefined;
}

/**
 * Judges by the published contract, which the client carries with it: paths, name patterns, ranges, shapes, statuses.
 * A refused request is not judged, its answer is.
 */
export type Judge = (request: ArmRequest, answer: Answer) => string[];

function judge(operations: readonly Operation[], request: ArmRequest, answer: Answer): string[] {
  const found = recognise(operations, request);
  if (!found) return [`${request.method} ${request.path} is no published operation`];
  const { operation, values } = found;
  const models = operation.serializer.modelMappers;
  const failed = answer.status >= 400;
  const response = operation.responses[answer.status] ?? (failed ? operation.responses.default : undefined);
  if (!response) return [`status ${answer.status} is not published`];
  const shape =
    response.bodyMapper && answer.body !== undefined ? faultsOf(models, response.bodyMapper, answer.body, '') : [];
  if (failed) return shape.map((fault) => `answer: ${fault}`);
  const names = operation.urlParameters.flatMap(({ parameterPath, mapper }) => {
    const value = values[String(parameterPath)];
    return value === undefined ? [] : constraintFaults(mapper, value, String(parameterPath));
  });
  const body = operation.requestBody ? faultsOf(models, operation.requestBody.mapper, request.body, '') : [];
  return [...names, ...body.map((fault) => `request: ${fault}`), ...shape.map((fault) => `answer: ${fault}`)];
}

let operations: Promise<Operation[]> | undefined;

/** The judge of everything under Microsoft.EventHub; other requests pass unjudged. */
export async function createJudge(): Promise<Judge> {
  operations ??= harvestOperations();
  const known = await operations;
  // Registering the provider is Azure Resource Manager's own operation.
  const isJudged = ({ path }: ArmRequest) => /\/Microsoft\.EventHub\/(?!register$)/i.test(path);
  return (request, answer) => (isJudged(request) ? judge(known, request, answer) : []);
}
