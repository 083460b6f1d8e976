/** Constructor bytes of AMQP 1.0 (part 1.6). */
export const Code = {
  described: 0x00,
  null: 0x40,
  true: 0x41,
  false: 0x42,
  uint0: 0x43,
  ulong0: 0x44,
  list0: 0x45,
  ubyte: 0x50,
  byte: 0x51,
  smallUint: 0x52,
  smallUlong: 0x53,
  smallInt: 0x54,
  smallLong: 0x55,
  boolean: 0x56,
  ushort: 0x60,
  short: 0x61,
  uint: 0x70,
  int: 0x71,
  float: 0x72,
  char: 0x73,
  decimal32: 0x74,
  ulong: 0x80,
  long: 0x81,
  double: 0x82,
  timestamp: 0x83,
  decimal64: 0x84,
  decimal128: 0x94,
  uuid: 0x98,
  binary8: 0xa0,
  string8: 0xa1,
  symbol8: 0xa3,
  binary32: 0xb0,
  string32: 0xb1,
  symbol32: 0xb3,
  list8: 0xc0,
  map8: 0xc1,
  list32: 0xd0,
  map32: 0xd1,
  array8: 0xe0,
  array32: 0xf0,
} as const;

const KNOWN = new Set<number>(Object.values(Code));

/** Bytes of a fixed-width value, by the upper half of its constructor byte (part 1.2). */
const FIXED_WIDTH: Record<number, number> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };

export type Layout = { kind: 'fixed'; width: number } | { kind: 'variable' | 'compound' | 'array'; width: 1 | 4 };

const VARIABLE: Record<number, Layout> = {
  10: { kind: 'variable', width: 1 },
  11: { kind: 'variable', width: 4 },
  12: { kind: 'compound', width: 1 },
  13: { kind: 'compound', width: 4 },
  14: { kind: 'array', width: 1 },
  15: { kind: 'array', width: 4 },
};

function layoutOf(code: number): Layout | undefined {
  if (!KNOWN.has(code) || code === Code.described) return undefined;
  const fixed = FIXED_WIDTH[code >>> 4];
  return fixed === undefined ? VARIABLE[code >>> 4] : { kind: 'fixed', width: fixed };
}

/** How the bytes after a constructor are laid out; undefined for a code that AMQP does not define. */
export const LAYOUTS: readonly (Layout | undefined)[] = Array.from({ length: 256 }, (_, code) => layoutOf(code));
