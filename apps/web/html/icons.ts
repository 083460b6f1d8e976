/** Line icons on a grid of 24, as paths; they take the colour of the text. */
const PATHS = {
  shop: 'M4 9h16l-1.5-5h-13L4 9Zm0 0v11h16V9M9 20v-6h6v6',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 5 5',
  cart: 'M3 4h2.5l2.3 11h10l2.2-8H6.2M9 20h.01M17 20h.01',
  parcel: 'M4 8v9l8 4 8-4V8l-8-4-8 4Zm0 0 8 4 8-4M12 12v9',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  arrow: 'M5 12h14m-6-6 6 6-6 6',
  card: 'M3 6h18v12H3V6Zm0 4h18',
  alert: 'M12 4 2.5 20h19L12 4Zm0 6v5m0 2.5v.01',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: what it stands for has to be said in words as well. */
export const icon = (name: IconName): string =>
  `<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;
