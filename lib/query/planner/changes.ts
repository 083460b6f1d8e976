import { isTimeDimension } from '../model/names.ts';
import { nameMembers } from './bounds.ts';
import { type Draft, hasAtom, hasRole, use } from './draft.ts';

/** Which members a change is asked about: "categories that fell", "customers who spent more in october than in september". */

const MORE = /^(more|higher|bigger|larger|better|stronger)( than)?$/;
const LESS = /^(less|fewer|lower|smaller|worse|weaker)( than)?$/;

/** "who spent more in this period than in that": said of members, in a clause of theirs or after "which". */
function degreeOf(draft: Draft): 'more' | 'less' | undefined {
  const at = draft.items.findIndex(({ text }, index) => {
    return (MORE.test(text) || LESS.test(text)) && !draft.items[index + 1]?.value;
  });
  const held = at >= 0 && draft.items.slice(at).some(({ text }) => /\bthan$/.test(text));
  if (!held || !draft.compare || draft.rank) return undefined;
  const asked = draft.items.slice(0, at).some((item, index) => {
    const isClause = /^(who|that|which|with|whose|where|having)\b/.test(item.text) || hasRole(item, 'which');
    return (
      isClause ||
      (hasAtom(item, 'count') &&
        /^(customer|buyer|shopper|client|product|brand)/.test(draft.items[index + 1]?.text ?? ''))
    );
  });
  if (!asked) return undefined;
  return MORE.test(draft.items[at]!.text) ? 'more' : 'less';
}

/** "customers who spent more last month than the month before": it is them that are asked for. */
export function takeMembersOfChange(draft: Draft): void {
  if (!degreeOf(draft)) return;
  if (!draft.dimensions.some((name) => !isTimeDimension(name))) nameMembers(draft);
  const ordering = draft.items.find((item) => /\b(order|ordered|ordering)$/.test(item.text));
  if (!ordering || !draft.dimensions.includes('customer')) return;
  use(ordering);
  draft.metrics = ['orders_count'];
}

/** "categories that fell": only those whose change has that sign. */
export function applyDirection(draft: Draft): void {
  if (draft.transform !== 'compare') return;
  use(...draft.items.filter((item) => (['fell', 'rose', 'change'] as const).some((role) => hasRole(item, role))));
  if (draft.dimensions.length === 0) return;
  const by = draft.inPercent ? 'delta_pct' : 'delta';
  const degree = degreeOf(draft);
  const fell = degree === 'less' || draft.items.some((item) => hasRole(item, 'fell'));
  const rose = degree === 'more' || draft.items.some((item) => hasRole(item, 'rose'));
  if (fell === rose) return;
  if (!draft.rank) draft.having.push({ column: 'delta', op: fell ? '<' : '>', value: 0 });
  draft.order = { by, dir: fell ? 'asc' : 'desc' };
}
