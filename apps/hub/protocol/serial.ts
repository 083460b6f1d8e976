// Delivery ids, transfer ids and delivery counts are serial numbers of 32 bits that wrap around (RFC 1982, part 2.8.10).

/** How far `a` is ahead of `b`; negative when it is behind. */
export const ahead = (a: number, b: number): number => (a - b) | 0;

/** The number that comes `count` after `id`. */
export const after = (id: number, count = 1): number => (id + count) >>> 0;
