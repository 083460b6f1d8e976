import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Outcomes } from './outcomes.ts';
import type { SimulateResult } from './result.ts';

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);

function statusTable({ statuses, reasons }: Outcomes, width: number): string {
  const total = Object.values(statuses).reduce((sum, orders) => sum + orders, 0);
  const rows = ORDER_STATUSES.flatMap((status) => {
    const orders = statuses[status];
    return orders ? [{ name: status, orders }] : [];
  });
  const why = Object.entries(reasons).sort((a, b) => b[1] - a[1]);
  const table = renderTable(
    rows,
    [
      { title: 'ended as', value: ({ name }) => name.replace('_', ' ') },
      { title: 'orders', value: ({ orders }) => formatCount(orders), align: 'right' },
      { title: 'share', value: ({ orders }) => percent(orders / total), align: 'right' },
    ],
    width,
  );
  const because = why.map(([reason, orders]) => `${reason} ${formatCount(orders)}`).join(', ');
  return because === '' ? table : `${table}\nbecause  ${because}`;
}

function paymentLines({ payments }: Outcomes): string[] {
  const { asked, paid, paid_after_retry: saved, paid_another_way: another } = payments;
  return [
    `payments  ${formatCount(paid)} of ${formatCount(asked)} paid: ${percent(payments.success_rate)}, ` +
      `without asking again ${percent(payments.success_rate_without_retries)}`,
    `          ${formatCount(saved)} saved by asking again, ${formatCount(another)} by another way to pay`,
  ];
}

function fraudLine({ fraud }: Outcomes): string {
  const { attempts, caught, missed, false_alarms: alarms } = fraud;
  return `fraud     ${formatCount(caught)} of ${formatCount(attempts)} caught, ${formatCount(missed)} missed, ${formatCount(alarms)} honest ${alarms === 1 ? 'order' : 'orders'} held up`;
}

function customerLines(customers: SimulateResult['customers']): string[] {
  const actions = Object.entries(customers ?? {});
  if (actions.length === 0) return [];
  const cells = actions.map(([action, { done, refused, failed }]) => {
    const rest = [refused > 0 && `${formatCount(refused)} too late`, failed > 0 && `${formatCount(failed)} failed`];
    const notes = rest.filter((note) => note !== false);
    return `${action} ${formatCount(done)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
  });
  return [`requests  ${cells.join(', ')}`];
}

function saleLine({ flash_sale: sale }: SimulateResult): string[] {
  if (!sale) return [];
  const back = sale.came_back > 0 ? `, ${formatCount(sale.came_back)} came back` : '';
  return [
    `sale      ${formatCount(sale.sold)} of ${formatCount(sale.units)} units of ${sale.sku} sold, ` +
      `${formatCount(sale.wanted)} wanted${back}`,
  ];
}

function outageLine({ outage }: SimulateResult): string[] {
  if (!outage) return [];
  const again =
    outage.accepted_again_ms === null ? 'nothing' : `the first order ${formatDuration(outage.accepted_again_ms)}`;
  return [
    `outage    the ${outage.of} stood still for ${formatDuration(outage.lasted_ms)}, accepted again ${again} after it; ` +
      `longest silence ${formatDuration(outage.longest_silence_ms)}`,
  ];
}

function disturbanceLines({ bad_input: bad, sent_again: again }: SimulateResult): string[] {
  if (!bad || !again) return [];
  return [
    `beside    ${formatCount(bad.as_expected)} of ${formatCount(bad.sent)} bad inputs came out as expected, ` +
      `${formatCount(again.times)} requests and events were sent again`,
    ...bad.surprises.map(({ kind, key, expected, got }) => `          ${kind} (${key}): ${got} instead of ${expected}`),
  ];
}

/** What became of the orders, in words and a table; nothing when nobody followed them. */
export function outcomeLines(result: SimulateResult, width: number): string[] {
  const { outcomes, customers } = result;
  const beside = [...saleLine(result), ...outageLine(result), ...disturbanceLines(result)];
  if (!outcomes) return beside.length > 0 ? ['', ...beside] : [];
  const lives = [...paymentLines(outcomes), fraudLine(outcomes), ...customerLines(customers)];
  return ['', statusTable(outcomes, width), '', ...lives, ...beside];
}
