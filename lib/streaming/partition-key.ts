/** One step of lookup3's mixing: rotate `value` left by `bits`. */
const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** The mutable state of a hash: three 32-bit words. */
interface Words {
  a: number;
  b: number;
  c: number;
}

function mix(words: Words): void {
  let { a, b, c } = words;
  a = ((a - c) | 0) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = ((a - c) | 0) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 4);
  b = (b + a) | 0;
  Object.assign(words, { a, b, c });
}

function finish(words: Words): void {
  let { a, b, c } = words;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  Object.assign(words, { a, b, c });
}

function addBlock(words: Words, data: Buffer, at: number): void {
  words.a = (words.a + data.readInt32LE(at)) | 0;
  words.b = (words.b + data.readInt32LE(at + 4)) | 0;
  words.c = (words.c + data.readInt32LE(at + 8)) | 0;
}

const BLOCK = 12;

/** Bob Jenkins' lookup3 (hashlittle2 with both seeds 0) over the key's UTF-8 bytes, as b ^ c cut to 16 signed bits. */
function hashOf(key: string): number {
  const length = Buffer.byteLength(key);
  const start = (0xdeadbeef + length) | 0;
  const words = { a: start, b: start, c: start };
  if (length > 0) {
    // The last block counts as padded with zeros.
    const data = Buffer.alloc(Math.ceil(length / BLOCK) * BLOCK);
    data.write(key);
    for (let at = 0; at < data.length; at += BLOCK) {
      addBlock(words, data, at);
      if (at + BLOCK < data.length) mix(words);
    }
    finish(words);
  }
  return ((words.b ^ words.c) << 16) >> 16;
}

/**
 * The partition that Event Hubs itself assigns to a partition key, 0 to `partitionCount` - 1,
 * so that events can be gathered by partition before they are sent.
 */
export function partitionOf(key: string, partitionCount: number): number {
  return Math.abs(hashOf(key) % partitionCount);
}
