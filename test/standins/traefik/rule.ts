import { BlockList, isIPv6 } from 'node:net';
import type { ProxyRequest } from './exchange.ts';

export type Matcher = (request: ProxyRequest) => boolean;

/** Addresses and ranges such as 10.0.0.0/8. */
export function addressList(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string?];
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const MATCHERS: Record<string, (...values: string[]) => Matcher> = {
  Host:
    (name) =>
    ({ host }) =>
      host.toLowerCase() === name!.toLowerCase(),
  Path:
    (path) =>
    ({ path: asked }) =>
      asked === path,
  PathPrefix:
    (prefix) =>
    ({ path }) =>
      path.startsWith(prefix!),
  Method:
    (method) =>
    ({ method: used }) =>
      used === method!.toUpperCase(),
  ClientIP: (...ranges) => {
    const includes = addressList(ranges);
    return ({ client }) => includes(client);
  },
};

const TOKEN = /\s*(&&|\|\||!|\(|\)|,|[A-Za-z]+|`[^`]*`)/y;

function tokensOf(rule: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < rule.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(rule);
    if (!match) throw new Error(`rule ${rule}: not understood from "${rule.slice(at, at + 20)}" on`);
    tokens.push(match[1]!);
  }
  return tokens;
}

/** or := and { "||" and };  and := not { "&&" not };  not := "!" not | "(" or ")" | Name "(" `text` { "," `text` } ")" */
class RuleParser {
  readonly #rule: string;
  readonly #tokens: string[];

  constructor(rule: string) {
    this.#rule = rule;
    this.#tokens = tokensOf(rule);
  }

  parse(): Matcher {
    const matcher = this.#either();
    if (this.#tokens.length > 0) this.#fail(`"${this.#tokens[0]}" was not expected`);
    return matcher;
  }

  #fail(why: string): never {
    throw new Error(`rule ${this.#rule}: ${why}`);
  }

  #take(expected: string): void {
    const token = this.#tokens.shift();
    if (token !== expected) this.#fail(`expected ${expected}, found ${token ?? 'the end'}`);
  }

  #either(): Matcher {
    const parts = [this.#all()];
    while (this.#tokens[0] === '||') {
      this.#tokens.shift();
      parts.push(this.#all());
    }
    return (request) => parts.some((part) => part(request));
  }

  #all(): Matcher {
    const parts = [this.#one()];
    while (this.#tokens[0] === '&&') {
      this.#tokens.shift();
      parts.push(this.#one());
    }
    return (request) => parts.every((part) => part(request));
  }

  #one(): Matcher {
    const token = this.#tokens.shift();
    if (token === '!') {
      const negated = this.#one();
      return (request) => !negated(request);
    }
    if (token === '(') {
      const inner = this.#either();
      this.#take(')');
      return inner;
    }
    return this.#call(token);
  }

  #call(name: string | undefined): Matcher {
    if (name === undefined || !Object.hasOwn(MATCHERS, name)) {
      return this.#fail(`this stand-in does not know the matcher ${name ?? ''}`);
    }
    this.#take('(');
    const values: string[] = [];
    do values.push(this.#tokens.shift()?.replaceAll('`', '') ?? this.#fail('a text is missing'));
    while (this.#tokens[0] === ',' && this.#tokens.shift());
    this.#take(')');
    return MATCHERS[name]!(...values);
  }
}

/** What a rule of a router says, in the part of Traefik's language that our files use. */
export const parseRule = (rule: string): Matcher => new RuleParser(rule).parse();
