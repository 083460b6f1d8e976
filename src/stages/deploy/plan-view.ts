import { formatDuration } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { wrap } from '../../ui/wrap.ts';
import type { DeployPlan, ServicePlan } from './deploy-plan.ts';

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** One line for services that change alike: web1, web2 and web3. */
interface Row {
  services: string[];
  plan: ServicePlan;
}

const alike = (left: ServicePlan, right: ServicePlan): boolean =>
  left.change === right.change &&
  left.update === right.update &&
  left.hosts.join() === right.hosts.join() &&
  left.why.join() === right.why.join() &&
  left.colours?.to === right.colours?.to;

function rowsOf(services: readonly ServicePlan[]): Row[] {
  const rows: Row[] = [];
  for (const plan of services) {
    const last = rows.at(-1);
    const isSame = last && plan.update === 'one-by-one' && alike(last.plan, plan) && last.plan.group === plan.group;
    if (isSame) last.services.push(plan.service);
    else rows.push({ services: [plan.service], plan });
  }
  return rows;
}

function howText({ change, update, colours, why, interruptionSeconds }: ServicePlan): string {
  if (change === 'unchanged' || change === 'left alone' || change === 'goes') return '';
  if (update === 'job') return 'runs once';
  if (colours) {
    if (why.length === 1 && why[0] === 'replicas') return `more or fewer of ${colours.to}`;
    return colours.from && colours.from !== colours.to
      ? `${colours.from} -> ${colours.to}, side by side`
      : `as ${colours.to}`;
  }
  if (update === 'one-by-one') return change === 'new' ? 'comes up' : 'one by one, drained';
  return interruptionSeconds > 0 ? `restarts, about ${formatDuration(interruptionSeconds * 1_000)}` : 'comes up';
}

const columnsOf = (isSeveral: boolean): Column<Row>[] => [
  { title: 'service', value: ({ services }) => services.join(' ') },
  ...(isSeveral ? [{ title: 'server', value: ({ plan }: Row) => plan.hosts.join(' ') }] : []),
  { title: 'change', value: ({ plan }) => plan.change },
  { title: 'because of', value: ({ plan }) => plan.why.join(', ') },
  { title: 'how', value: ({ plan }) => howText(plan) },
];

const headline = (plan: DeployPlan): string =>
  plan.running === null
    ? `${plan.site}: release ${plan.release}, the first one`
    : plan.running === plan.release
      ? `${plan.site}: release ${plan.release}, which runs`
      : `${plan.site}: release ${plan.release} instead of ${plan.running}`;

const IMAGE_WORDS = { build: 'built on', pull: 'pulled by', load: 'loaded on' } as const;

function detailsOf({ files, images, migrations }: DeployPlan): string[] {
  const phase = (names: readonly string[], when: string) =>
    names.length > 0 ? [`schema    ${plural(names.length, 'migration')} ${when}: ${names.join(', ')}`] : [];
  return [
    ...images.map(({ reference, how, hosts }) => `image     ${reference}, ${IMAGE_WORDS[how]} ${hosts.join(', ')}`),
    ...phase(migrations.expand, 'before the new code'),
    ...phase(migrations.contract, 'once the old code is gone'),
    ...files.map(({ path, change }) => `file      ${path}: ${change}`),
  ];
}

/** What waits while in-place services restart; nothing without an interruption. */
function interruptions({ services }: DeployPlan): string[] {
  const stopped = services.filter(({ interruptionSeconds }) => interruptionSeconds > 0);
  if (stopped.length === 0) return [];
  const parts = stopped.map(({ service, interruptionSeconds }) => `${service} (about ${interruptionSeconds} s)`);
  return [
    `Restarts: ${parts.join(', ')}. Orders are not taken while mysql or hub restarts, nothing answers while traefik does.`,
  ];
}

function verdict(plan: DeployPlan): string {
  if (plan.refused) return `Refused: ${plan.refused.why}.`;
  if (plan.unchanged) return 'Nothing to change.';
  const count = (change: ServicePlan['change']) => plan.services.filter((service) => service.change === change).length;
  const parts = [
    [count('new'), 'new'],
    [count('changed'), 'changed'],
    [count('goes'), 'to go'],
    [count('unchanged'), 'unchanged'],
  ].flatMap(([number, word]) => (number ? [`${number} ${word}`] : []));
  return `${plural(plan.services.length, 'service')}: ${parts.join(', ')}.`;
}

/**
 * What a deployment would do, for people: a table of every service, then images, migrations and files, then what is
 * worth a word, and the sum last. What Docker, firewall and users of a bare server need is not in it.
 */
export function planReport(plan: DeployPlan, terminal: Pick<Terminal, 'width' | 'style'>): string {
  const { width } = terminal;
  const table = renderTable(rowsOf(plan.services), columnsOf(plan.hosts.length > 1), width);
  const sentences = [...plan.notes.map((note) => `Note: ${note}.`), ...interruptions(plan)];
  const details = detailsOf(plan);
  return [
    terminal.style('bold', headline(plan)),
    '',
    table,
    ...(details.length > 0 ? ['', ...details.flatMap((line) => indented(line, width))] : []),
    ...(sentences.length > 0 ? ['', ...sentences.flatMap((line) => wrap(line, width))] : []),
    '',
    verdict(plan),
    ...(plan.refused ? [`  next  ${plan.refused.next}`] : []),
  ].join('\n');
}

const INDENT = ' '.repeat(10);

/** The words of a long line go on below the first one. */
function indented(line: string, width: number): string[] {
  const [first, ...rest] = wrap(line.slice(INDENT.length), width - INDENT.length);
  return [`${line.slice(0, INDENT.length)}${first ?? ''}`, ...rest.map((text) => INDENT + text)];
}
