import type { Terminal } from '../../ui/terminal.ts';
import { visible } from '../../ui/visible.ts';
import type { MaintenanceResult } from './maintenance.ts';

/** One sentence, who and since when, and what to do next. */
export function renderMaintenance(result: MaintenanceResult, { style }: Pick<Terminal, 'style'>): string {
  const { environment, closed, since, by, message } = result;
  if (!closed) return `${style('green', 'Open')}: ${environment} takes orders.`;
  return [
    `${style('yellow', 'Closed')}: visitors of ${environment} are told to come back, orders are not taken.`,
    `  since   ${since!.slice(0, 16).replace('T', ' ')} UTC, by ${visible(by!)}`,
    `  message ${message === null ? "the page's own" : visible(message)}`,
    `  next    oms maintenance off --env ${environment}`,
  ].join('\n');
}
