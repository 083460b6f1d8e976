import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nearest } from '../language/spelling.ts';
import { FIELD, FILTER_FIELDS } from '../model/index.ts';
import type { ChatReply, JsonSchema, Tool } from './chat.ts';
import { strictSchema } from './strict-schema.ts';
import { WirePlan, withDefaults } from './wire-plan.ts';

/** Fields whose stored values may be looked up: what a shop shows everybody, never a customer. */
export const LOOKUP_FIELDS = FILTER_FIELDS.filter((field) => FIELD[field].kind === 'name' && field !== 'customer');

const closed = { additionalProperties: false };
const Sentence = Type.String({ minLength: 1, maxLength: 500 });

const AskUser = Type.Object(
  {
    message: Sentence,
    choices: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 2, maxItems: 4 }),
  },
  closed,
);
const Refuse = Type.Object(
  { class: Type.Enum(['refuse_write', 'refuse_pii', 'refuse_unsafe', 'out_of_scope']), message: Sentence },
  closed,
);
const LookupValues = Type.Object(
  { field: Type.Enum([...LOOKUP_FIELDS]), text: Type.String({ maxLength: 100 }) },
  closed,
);
const RunSql = Type.Object({ sql: Type.String({ minLength: 1, maxLength: 8_000 }) }, closed);

const ACTIONS = {
  submit_plan: {
    schema: WirePlan,
    description: 'Answer the question: the plan it means. It is checked before it runs.',
  },
  ask_user: {
    schema: AskUser,
    description: 'The question can be read in more than one way: ask, with 2 to 4 complete questions to choose from.',
  },
  refuse: { schema: Refuse, description: 'The question must not or cannot be answered from this database: say why.' },
  lookup_values: {
    schema: LookupValues,
    description: 'Find how a value is spelled in the shop before filtering by it.',
  },
  run_sql: {
    schema: RunSql,
    description: 'Only when no plan can express the question: one SELECT. It is checked before it runs.',
  },
} as const;
export type ActionName = keyof typeof ACTIONS;

export type Action = {
  [Name in ActionName]: { name: Name; arguments: Static<(typeof ACTIONS)[Name]['schema']> };
}[ActionName];

/** A reply that is no action of the offered ones; the message is written for the model. */
export class BadReply extends Error {
  override readonly name = 'BadReply';
}

const checks = new Map(
  Object.entries(ACTIONS).map(([name, { schema }]) => [name, Compile(schema as TSchema)] as const),
);

/** The tools a model is offered. */
export function toolsFor({ sql }: { sql: boolean }): Tool[] {
  return Object.entries(ACTIONS)
    .filter(([name]) => sql || name !== 'run_sql')
    .map(([name, { schema, description }]) => {
      return { name, description, parameters: strictSchema(JSON.parse(JSON.stringify(schema)) as JsonSchema) };
    });
}

const MAX_PROBLEMS = 6;

/** "/metrics/0 must be one of ..." with the nearest name, so that a slip is put right in one turn. */
function problemsOf(name: string, value: unknown): string {
  const errors = checks.get(name)!.Errors(value) as {
    instancePath: string;
    message: string;
    params: { allowedValues?: unknown[]; additionalProperties?: string[] };
  }[];
  const lines = errors.slice(0, MAX_PROBLEMS).map(({ instancePath, message, params }) => {
    const allowed = params.allowedValues?.map(String);
    const given = instancePath
      .slice(1)
      .split('/')
      .reduce<unknown>((part, key) => (part as never)?.[key], value);
    const near = allowed && typeof given === 'string' ? nearest(given, new Set(allowed), new Set()) : undefined;
    const extra = params.additionalProperties ? `: ${params.additionalProperties.join(', ')}` : '';
    return `${instancePath || '/'} ${message}${extra}${near ? `; did you mean ${near}?` : ''}`;
  });
  return lines.join('; ');
}

/** A call in the text: the whole of it, or what a fence holds. */
function callInText(text: string): { name: string; arguments: unknown } | undefined {
  const fenced = /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1];
  const braces = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fenced, braces]) {
    const value = parse(candidate);
    if (typeof value !== 'object' || value === null) continue;
    const call = 'call' in value && typeof value.call === 'object' && value.call !== null ? value.call : value;
    if ('name' in call && 'arguments' in call) return { name: String(call.name), arguments: call.arguments };
    if ('metrics' in call) return { name: 'submit_plan', arguments: call };
  }
  return undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/**
 * What the model wants, checked against the schema of the tool it names.
 * @throws {BadReply} saying what is wrong with it
 */
export function readAction(reply: ChatReply, offered: readonly Tool[]): Action {
  const call = reply.call ? { name: reply.call.name, arguments: parse(reply.call.arguments) } : callInText(reply.text);
  if (!call) throw new BadReply('That was no call of a tool, or not in valid JSON. Call exactly one of the tools.');
  if (!offered.some((tool) => tool.name === call.name)) {
    throw new BadReply(
      `There is no tool "${call.name.slice(0, 60)}". There are: ${offered.map((tool) => tool.name).join(', ')}.`,
    );
  }
  if (typeof call.arguments !== 'object' || call.arguments === null) {
    throw new BadReply('The arguments are no valid JSON object.');
  }
  const value = call.name === 'submit_plan' ? withDefaults(call.arguments) : call.arguments;
  if (!checks.get(call.name)!.Check(value)) throw new BadReply(`${call.name}: ${problemsOf(call.name, value)}`);
  return { name: call.name, arguments: value } as Action;
}
