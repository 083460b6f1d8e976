import type { Terminal } from '../../ui/terminal.ts';
import type { OrderChange } from './result.ts';
import { renderStory } from './view.ts';

/** What became of the request, then the order as it is now. */
export function renderChange(
  { verdict, return_id, order }: OrderChange,
  terminal: Pick<Terminal, 'style' | 'width'>,
): string {
  const outcome =
    verdict === 'applied'
      ? terminal.style('green', 'done')
      : terminal.style('yellow', 'taken, but not handled in this time; look again with oms order show');
  const named = return_id ? `, the return is ${return_id}` : '';
  return `${outcome}${named}\n\n${renderStory(order, terminal)}`;
}
