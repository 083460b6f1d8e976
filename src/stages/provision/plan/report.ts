import type { Terminal } from '../../../ui/terminal.ts';
import { wrap } from '../../../ui/wrap.ts';
import { costLines, createLines } from './report-creates.ts';
import { detailLines } from './report-details.ts';
import { ACTIONS, type Action, type PlanSummary, type ResourceSummary } from './summary.ts';

type Screen = Pick<Terminal, 'width' | 'style'>;

const COUNTED: Record<Action, string> = {
  delete: 'to delete',
  replace: 'to replace',
  update: 'to change',
  create: 'to create',
  forget: 'to forget',
  read: 'to read',
  'no-op': 'unchanged',
};

/** "2 to delete, 1 to replace, 60 to create, 4 unchanged" */
export const countsText = ({ counts }: PlanSummary): string =>
  ACTIONS.filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${COUNTED[action]}`)
    .join(', ');

const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', title, ...lines] : []);

/** Things that hold nothing and go for the same reason are one line. */
function deleteLines(resources: readonly ResourceSummary[], screen: Screen): string[] {
  const harmless = resources.filter(({ loss }) => !loss);
  return [
    ...detailLines(
      resources.filter(({ loss }) => loss),
      screen,
    ),
    ...createLines(harmless, screen),
  ];
}

function nothing({ counts, applyable }: PlanSummary, { style }: Screen): string {
  const kept = counts['no-op'] > 0 ? ` ${counts['no-op']} unchanged.` : '';
  const behind = applyable ? ' Outputs and state are brought up to date.' : '';
  return style('green', 'Nothing to change in Azure.') + kept + behind;
}

function head(summary: PlanSummary, screen: Screen): string {
  if (!summary.changes) return nothing(summary, screen);
  const { counts } = summary;
  const dangerous = counts.delete + counts.replace > 0;
  const text = wrap(`Plan: ${countsText(summary)}`, screen.width).join('\n');
  return text.replace('Plan:', screen.style(dangerous ? ['bold', 'red'] : 'bold', 'Plan:'));
}

function driftLines({ drift }: PlanSummary, screen: Screen): string[] {
  const title = screen.style('yellow', 'Changed outside of oms since the last run (recorded -> found)');
  return section(title, detailLines(drift, screen));
}

/** A plan as text, no wider than the terminal: counts, then what is dangerous, then the rest. */
export function planReport(summary: PlanSummary, terminal: Screen): string {
  const of = (action: Action) => summary.resources.filter((resource) => resource.action === action);
  const { style } = terminal;
  return [
    head(summary, terminal),
    ...section(style(['bold', 'red'], 'Delete'), deleteLines(of('delete'), terminal)),
    ...section(style(['bold', 'red'], 'Replace: destroyed, then made anew'), detailLines(of('replace'), terminal)),
    ...section(style(['bold', 'yellow'], 'Change in place'), detailLines(of('update'), terminal)),
    ...section(style(['bold', 'green'], 'Create'), createLines(of('create'), terminal)),
    ...section(style('bold', 'Forget: no longer managed, stays in Azure'), createLines(of('forget'), terminal)),
    ...section(style('bold', 'Read while applying'), createLines(of('read'), terminal)),
    ...section(style('bold', 'What of it drives the bill'), costLines(summary.resources, terminal)),
    ...driftLines(summary, terminal),
  ].join('\n');
}
