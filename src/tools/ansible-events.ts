import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Numbers = Type.Object({
  ok: Type.Integer(),
  changed: Type.Integer(),
  failures: Type.Integer(),
  unreachable: Type.Integer(),
  skipped: Type.Integer(),
});

/** What templates/ansible/callback/oms_events.py writes, one a line. */
export const AnsibleEvent = Type.Union([
  Type.Object({ event: Type.Literal('play'), play: Type.String() }),
  Type.Object({ event: Type.Literal('task'), play: Type.String(), task: Type.String() }),
  Type.Object({
    event: Type.Literal('result'),
    play: Type.String(),
    task: Type.String(),
    host: Type.String(),
    outcome: Type.Enum(['ok', 'changed', 'skipped', 'failed', 'unreachable']),
    item: Type.Optional(Type.String()),
    seconds: Type.Optional(Type.Number()),
    message: Type.Optional(Type.String()),
    stdout: Type.Optional(Type.String()),
    stderr: Type.Optional(Type.String()),
  }),
  Type.Object({ event: Type.Literal('end'), hosts: Type.Record(Type.String(), Numbers) }),
]);
export type AnsibleEvent = Static<typeof AnsibleEvent>;

const validator = Compile(AnsibleEvent);

/** One line of Ansible's stdout; undefined when it is no event of ours, such as a remark of a plugin. */
export function parseAnsibleEvent(line: string): AnsibleEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return validator.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
