import { Compile } from 'typebox/compile';
import { MAX_QUANTITY, Sku } from '../../../../lib/domain/fields.ts';

export interface CartLine {
  sku: string;
  quantity: number;
}

/** As many as fit into a cookie of 4 KB with the longest SKUs. */
export const MAX_CART_LINES = 30;

const isSku = Compile(Sku);

const isLine = ({ sku, quantity }: CartLine): boolean =>
  isSku.Check(sku) && Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;

/** "A:2|B:1". */
export const writeCart = (lines: readonly CartLine[]): string =>
  lines.map(({ sku, quantity }) => `${sku}:${quantity}`).join('|');

/** Whatever a cookie or a hidden field says: what is no line is dropped, the same SKU twice is the first one. */
export function readCart(text: string | undefined): CartLine[] {
  const lines = (text ?? '')
    .slice(0, 4_096)
    .split('|')
    .map((part): CartLine => {
      const [sku = '', quantity = ''] = part.split(':');
      return { sku, quantity: /^\d{1,3}$/.test(quantity) ? Number(quantity) : 0 };
    });
  const seen = new Set<string>();
  return lines.filter((line) => isLine(line) && !seen.has(line.sku) && seen.add(line.sku)).slice(0, MAX_CART_LINES);
}

export type Added = { lines: CartLine[]; refused?: 'not_a_line' | 'cart_full' };

/** More of something: quantities of the same SKU add up, to what a line may have at most. */
export function addToCart(lines: readonly CartLine[], more: CartLine): Added {
  if (!isLine(more)) return { lines: [...lines], refused: 'not_a_line' };
  const there = lines.find(({ sku }) => sku === more.sku);
  if (!there && lines.length >= MAX_CART_LINES) return { lines: [...lines], refused: 'cart_full' };
  if (!there) return { lines: [...lines, more] };
  const quantity = Math.min(MAX_QUANTITY, there.quantity + more.quantity);
  return { lines: lines.map((line) => (line === there ? { ...line, quantity } : line)) };
}

/** Other quantities for lines that are there; 0 takes a line out, a SKU that is not there changes nothing. */
export function changeCart(lines: readonly CartLine[], wanted: ReadonlyMap<string, number>): CartLine[] {
  return lines
    .map((line) => ({ ...line, quantity: Math.min(MAX_QUANTITY, wanted.get(line.sku) ?? line.quantity) }))
    .filter(isLine);
}

export const piecesOf = (lines: readonly CartLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);
