/** A piece of SQL with its parameters, in the order of its question marks. */
export interface Fragment {
  text: string;
  params: readonly Parameter[];
}
export type Parameter = string | number;

export const raw = (text: string): Fragment => ({ text, params: [] });

/** Template for fragments: embedded fragments are spliced in, embedded values become parameters. */
export function sql(strings: TemplateStringsArray, ...parts: (Fragment | Parameter)[]): Fragment {
  let text = strings[0]!;
  const params: Parameter[] = [];
  parts.forEach((part, index) => {
    const fragment = typeof part === 'object' ? part : { text: '?', params: [part] };
    text += fragment.text + strings[index + 1]!;
    params.push(...fragment.params);
  });
  return { text, params };
}

export const join = (fragments: readonly Fragment[], separator: string): Fragment => ({
  text: fragments.map((fragment) => fragment.text).join(separator),
  params: fragments.flatMap((fragment) => fragment.params),
});

/** An instant as the DATETIME literal of its UTC time, to the millisecond. */
export const instantText = (instant: string | number): string =>
  new Date(instant).toISOString().replace('T', ' ').replace('Z', '');

const literal = (value: Parameter): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The statement with its parameters written in, for people to read and to run themselves. */
export function inline({ text, params }: Fragment): string {
  let index = 0;
  return text.replaceAll('?', () => literal(params[index++]!));
}

/** Conditions that all have to hold, or nothing where there are none. */
export const whereClause = (conditions: readonly Fragment[]): Fragment =>
  conditions.length > 0 ? sql` WHERE ${join(conditions, ' AND ')}` : raw('');
