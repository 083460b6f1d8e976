import assert from 'node:assert/strict';

export interface Shown {
  status: number;
  headers: Headers;
  html: string;
  /** Path and query where redirections have led. */
  path: string;
}

/** A browser without scripts: keeps cookies, follows redirections, fills in the forms of a page and sends them. */
export class PlainBrowser {
  readonly #origin: string;
  readonly cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Follows redirections as browsers do after a form: with GET. */
  async open(path: string, init: RequestInit = {}): Promise<Shown> {
    const response = await this.send(path, init);
    const location = response.headers.get('location');
    if (location && response.status >= 300 && response.status < 400) {
      await response.text();
      return this.open(location);
    }
    return { status: response.status, headers: response.headers, html: await response.text(), path };
  }

  /** One request with this browser's cookies; nothing is followed. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie && { cookie }) };
    const response = await fetch(this.#origin + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.cookies.set(name!, value!);
    }
    return response;
  }

  /** Sends fields as a form of this site's pages would. */
  post(path: string, fields: Record<string, string> | [string, string][]): Promise<Shown> {
    return this.open(path, this.formOf(fields));
  }

  formOf(fields: Record<string, string> | [string, string][]): RequestInit {
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: this.#origin };
    return { method: 'POST', body, headers };
  }
}

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

const attribute = (tag: string, name: string): string | undefined => {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return match?.[1] === undefined ? undefined : unescaped(match[1]);
};

/** The fields of the form that is sent to `action`, as the page has filled them in. */
export function fieldsOf({ html }: Shown, action: string): [string, string][] {
  const form = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].find(
    ([text]) => attribute(text, 'action') === action,
  );
  assert.ok(form, `a form for ${action}`);
  const fields: [string, string][] = [];
  for (const [tag] of form[0].matchAll(/<input\b[^>]*>|<select\b[\s\S]*?<\/select>/g)) {
    const name = attribute(tag, 'name');
    const isOff = attribute(tag, 'type') === 'radio' && !/\schecked\b/.test(tag);
    if (!name || isOff) continue;
    const option = /<option value="([^"]*)" selected/.exec(tag) ?? /<option value="([^"]*)"/.exec(tag);
    fields.push([name, tag.startsWith('<select') ? unescaped(option?.[1] ?? '') : (attribute(tag, 'value') ?? '')]);
  }
  return fields;
}

/** The same fields with some of them changed. */
export const changed = (fields: [string, string][], changes: Record<string, string>): [string, string][] => {
  const kept = fields.filter(([name]) => !Object.hasOwn(changes, name));
  return [...kept, ...Object.entries(changes)];
};

/** What a page says, without its tags. */
export const textOf = ({ html }: Shown): string =>
  unescaped(
    html.replace(/<(?:script|style|head)\b[\s\S]*?<\/(?:script|style|head)>/g, ' ').replace(/<[^>]+>/g, ' '),
  ).replace(/\s+/g, ' ');
