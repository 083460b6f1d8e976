import { Compile } from 'typebox/compile';
import { TerraformMessage } from '../../tools/terraform-messages.ts';

const validator = Compile(TerraformMessage);

/** A line that is no message is quoted up to here. */
const QUOTED_CHARACTERS = 500;

/** Type of what stands for a line that is not of the machine-readable UI: a crash, a wrapper's remark. */
export const UNREADABLE = 'unreadable';

const unreadable = (line: string): TerraformMessage => ({
  '@level': 'warn',
  '@message': line.slice(0, QUOTED_CHARACTERS),
  type: UNREADABLE,
});

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Reads one line of `terraform ... -json`. A message whose details have another form than the one known keeps its text
 * and its type; anything else is passed on as unreadable.
 */
export function parseMessage(line: string): TerraformMessage {
  const value = parseJson(line);
  if (validator.Check(value)) return value;
  const { '@message': message, '@level': level = 'info', type = 'unknown' } = (value ?? {}) as Record<string, unknown>;
  if (typeof message !== 'string' || typeof type !== 'string') return unreadable(line);
  return { '@level': String(level), '@message': message, type };
}
