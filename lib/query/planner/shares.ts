import { METRIC, RATE_OF } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';
import type { Item } from './read.ts';

/** Said of what is a ratio anyway. */
const IN_PERCENT = /^(in|as a|percent|percentage|pct)\b/;

const SHARES = ['share of revenue by channel', 'share of orders by country'];

/** "what share of revenue came from mobile", "share of orders by country". */
export function takeShare(draft: Draft): void {
  const share = draft.items.find((item) => !item.used && (hasRole(item, 'share') || hasAtom(item, 'rate')));
  if (!share || /^(rate|ratio)$/.test(share.text)) return;
  use(...draft.items.filter((item) => hasRole(item, 'share') || hasAtom(item, 'rate')));
  if (draft.metrics.includes('margin_pct') && IN_PERCENT.test(share.text)) draft.metrics = ['margin_pct'];
  if (asRate(draft, share)) return;
  if (draft.having.length > 0 && draft.dimensions.some((name) => name === 'customer' || name === 'product'))
    throw new AskBack('Those members, or shares of all?', ['customers with more than 5 orders', ...SHARES]);
  if (draft.transform === 'running_total') throw new AskBack('A running total, or shares?', SHARES);
  if (draft.compare && draft.transform === 'compare') {
    inPercent(draft, share);
    return;
  }
  if (draft.metrics.length > 0 && draft.metrics.every((metric) => METRIC[metric].unit === 'ratio')) {
    if (IN_PERCENT.test(share.text)) return;
    throw new AskBack('A share of what, split by what?', SHARES);
  }
  draft.transform = 'share_of_total';
  if (draft.dimensions.some((name) => !isTimeDimension(name))) return;
  if (draft.dimensions.length > 0 && draft.filters.length === 0) return;
  const member = shareMember(draft);
  if (!member) throw new AskBack('A share of what, split by what?', SHARES);
  draft.dimensions.push(member);
}

const WHOLE = ['order', 'payment', 'attempt', 'deliver', 'ship', 'anystatus', 'everyorder'] as const;

/** "cancelled orders as a percentage of all orders": the rate that goes with them. */
function asRate(draft: Draft, share: Item): boolean {
  const [metric] = draft.metrics;
  const rate = metric && RATE_OF[metric];
  const at = draft.items.indexOf(share) + 1;
  const of = / of$/.test(share.text) || /^of\b/.test(draft.items[at]?.text ?? '');
  const after = draft.items.slice(at).find((item) => !item.meaning.filler);
  const isWhole = after !== undefined && WHOLE.some((atom) => hasAtom(after, atom));
  if (!rate || !of || !isWhole || !/^(in|as)\b/.test(share.text)) return false;
  use(after);
  draft.metrics = [rate];
  return true;
}

/** "growth in percent", "percentage change": every comparison says it; a share of the growth is something else. */
function inPercent(draft: Draft, share: Item): void {
  const changing = draft.items.some((item) =>
    (['change', 'fell', 'rose'] as const).some((role) => hasRole(item, role)),
  );
  const isPart = / of$/.test(share.text) || draft.items[draft.items.indexOf(share) + 1]?.text === 'of';
  if (!changing || isPart || draft.items.some((item) => /^(come|came|coming|comes) from$/.test(item.text))) {
    throw new AskBack('The shares of one period, or the change from one to the other?', [
      'share of revenue by channel last month',
      'revenue by channel last month vs the month before',
    ]);
  }
  draft.inPercent = true;
}

/** Of several values the one that "came from", "through" or "is" introduces; else the first. */
function shareMember(draft: Draft): DimensionName | undefined {
  const marked = draft.items.findIndex((item) =>
    /^(come|came|coming|comes) from$|^(from|through|via|is|are|was|were|by|with|on)$/.test(item.text),
  );
  const after = draft.items.slice(marked + 1).find((item) => item.meaning.values.length > 0);
  const fields = draft.filters.map((filter) => filter.field);
  const field = after?.meaning.values.map((value) => value.field).find((one) => fields.includes(one)) ?? fields[0];
  return field as DimensionName | undefined;
}
