import { hash } from 'node:crypto';

/** Things drawn with a few strokes on a grid of 100, by what a category may be called. */
const MOTIFS: readonly [words: RegExp, paths: string][] = [
  [/foot|shoe|sneaker|boot/, 'M20 62V40c6 6 14 6 18 0l22 16c10 4 20 4 22 16H20V62Zm0 2h62M44 44l6-5m4 12 6-5'],
  [
    /coffee|tea|drink/,
    'M26 42h40v16a18 18 0 0 1-18 18h-4a18 18 0 0 1-18-18V42Zm40 6h6a8 8 0 0 1 0 16h-7M38 32c-4-5 4-7 0-12m14 12c-4-5 4-7 0-12',
  ],
  [/kitchen|cook|food/, 'M24 48h44v20a8 8 0 0 1-8 8H32a8 8 0 0 1-8-8V48Zm-8 8h8m44 0h8M22 48h48M40 40h12M46 40v-6'],
  [/outdoor|camp|sport|travel/, 'M50 24 18 76h64L50 24Zm0 22L36 76h28L50 46ZM50 24l5-8'],
  [
    /electronic|phone|comput|audio|gadget/,
    'M22 60V50a28 28 0 0 1 56 0v10M22 58h8a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4V58Zm56 0h-8a4 4 0 0 0-4 4v12a4 4 0 0 0 4 4h4a4 4 0 0 0 4-4V58Z',
  ],
  [
    /beauty|health|care|perfum/,
    'M38 44h24l4 8v24a4 4 0 0 1-4 4H38a4 4 0 0 1-4-4V52l4-8Zm4 0V32h16v12M46 32v-8h12M42 62h16',
  ],
  [/toy|game|baby|kid/, 'M30 52h18v24H30V52Zm22 0h18v24H52V52ZM41 28h18v24H41V28Zm-4 24v-4m22 4v-4'],
  [
    /home|decor|furnit|garden|house/,
    'M40 42c0 12-10 14-10 24a12 12 0 0 0 12 12h16a12 12 0 0 0 12-12c0-10-10-12-10-24H40Zm0 0h20M50 42V22m0 10c-8 0-10-6-10-10 8 0 10 4 10 10Zm0 0c8 0 10-6 10-10-8 0-10 4-10 10Z',
  ],
  [/book|media|paper/, 'M50 34c-8-6-18-6-26-4v42c8-2 18-2 26 4 8-6 18-6 26-4V30c-8-2-18-2-26 4Zm0 0v42'],
  [/cloth|fashion|shirt|wear|apparel/, 'M36 26 20 38l8 12 8-5v33h28V45l8 5 8-12-16-12c-4 8-24 8-28 0Z'],
];

const ANYTHING =
  'M28 42h44v34H28V42Zm-4-10h52v10H24V32Zm26 0v44M50 32c-4-12-18-10-14-2 2 3 10 2 14 2Zm0 0c4-12 18-10 14-2-2 3-10 2-14 2Z';

/** What lies behind the thing. */
const BACKDROPS = [
  '<circle class="pic-b" cx="50" cy="50" r="36"/>',
  '<path class="pic-b" d="M14 100V50a36 36 0 0 1 72 0v50Z"/>',
  '<path class="pic-b" d="M0 74c20-14 36 6 54-6s30-10 46-2v34H0Z"/>',
  '<rect class="pic-b" x="18" y="18" width="64" height="64" rx="18" transform="rotate(12 50 50)"/>',
  '<circle class="pic-b" cx="82" cy="20" r="34"/><circle class="pic-b" cx="12" cy="88" r="26"/>',
  '<path class="pic-b" d="m0 60 60-60h40L0 100Z"/>',
];

/** Hues of the style sheet: hue-0 to hue-11. */
const HUES = 12;

const number = (text: string, below: number): number => hash('sha256', text, 'buffer').readUInt16BE(0) % below;

const motifOf = (category: string): string =>
  MOTIFS.find(([words]) => words.test(category.toLowerCase()))?.[1] ?? ANYTHING;

/**
 * A picture for a product that has none: category and brand give the thing and its colour, the SKU what is behind it.
 * Always the same for the same product; decoration only, so it has no text.
 */
export function picture({ sku, category, brand }: { sku: string; category: string; brand: string }): string {
  const hue = (number(category, HUES) + number(brand, 3)) % HUES;
  return (
    `<svg class="pic hue-${hue}" viewBox="0 0 100 100" width="100" height="100" aria-hidden="true">` +
    `<path class="pic-a" d="M0 0h100v100H0Z"/>${BACKDROPS[number(sku, BACKDROPS.length)]}` +
    `<path class="pic-c" d="${motifOf(category)}"/></svg>`
  );
}
