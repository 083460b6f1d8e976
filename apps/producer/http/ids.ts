import { UUID_PATTERN } from '../../../lib/domain/ids.ts';
import { Problem } from './problem.ts';

const ID = new RegExp(UUID_PATTERN);

/** @throws {Problem} malformed_id when a part of the path is no id as this API gives them out */
export function checkId(id: string): string {
  if (!ID.test(id)) throw new Problem('malformed_id', 'an id is a lower-case UUID');
  return id;
}
