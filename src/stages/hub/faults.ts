import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { askHub, type HubTarget } from './manage.ts';

/** One thing that goes wrong on purpose, as the hub's PUT /faults takes it. */
const FaultRule = Type.Object({
  fault: Type.String(),
  rate: Type.Number(),
  side: Type.Optional(Type.String()),
  hub: Type.Optional(Type.String()),
  partition: Type.Optional(Type.String()),
  delayMs: Type.Optional(Type.Integer()),
  times: Type.Optional(Type.Integer()),
});
export type FaultRule = Static<typeof FaultRule>;

const FaultSettings = Type.Object({ seed: Type.Optional(Type.Integer()), rules: Type.Array(FaultRule) });
export type FaultSettings = Static<typeof FaultSettings>;

/** What is wanted of the fault switches; nothing of it: only a look. */
export interface FaultWishes {
  set: readonly FaultRule[] | undefined;
  /** Keeps every rule to one hub. */
  hub: string | undefined;
  seed: number | undefined;
  off: boolean;
}

const validator = Compile(FaultSettings);

/** Looks at the fault switches of a hub, sets them or takes them back. @throws {OmsError} hub_unreachable, refused */
export async function faults(context: Context, target: HubTarget, wishes: FaultWishes): Promise<FaultSettings> {
  const { set, hub, seed, off } = wishes;
  const path = '/faults';
  if (off) await askHub(context, target, { method: 'DELETE', path });
  if (set) {
    const rules = set.map((rule) => ({ ...rule, ...(hub !== undefined && { hub }) }));
    await askHub(context, target, { method: 'PUT', path, body: { ...(seed !== undefined && { seed }), rules } });
  }
  const body = await askHub(context, target, { method: 'GET', path });
  if (validator.Check(body)) return body;
  throw new OmsError('hub_unreachable', 'what answered is no hub of ours', { next: ['oms hub list'] });
}
