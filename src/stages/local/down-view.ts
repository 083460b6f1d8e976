import type { DownResult } from './down.ts';

export function renderDown(result: DownResult): string {
  const stopped = result.stopped.length > 0 ? 'The local stack is stopped.' : 'Nothing was running.';
  return result.purged ? `${stopped} Its data is removed.` : `${stopped} Next: oms up`;
}
