/** What a script of templates/server printed: lines "key<TAB>value", a key once or several times. */
export interface SurveyLines {
  all(key: string): string[];
  one(key: string): string | undefined;
  /** Text that came in base64; null where it did not come, or was empty. */
  decoded(key: string): string | null;
}

export const decodeBase64 = (value: string): string => Buffer.from(value, 'base64').toString('utf8');

export function readSurveyLines(text: string): SurveyLines {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('\t');
    if (at <= 0) continue;
    const key = line.slice(0, at);
    const value = line.slice(at + 1).trim();
    if (value) values.set(key, [...(values.get(key) ?? []), value]);
  }
  const all = (key: string) => values.get(key) ?? [];
  const one = (key: string) => all(key)[0];
  return { all, one, decoded: (key) => decodeBase64(one(key) ?? '') || null };
}
