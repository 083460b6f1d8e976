/**
 * Bob Jenkins' lookup3 (hashlittle2 with both seeds 0), as the service and its clients use it to spread partition keys.
 * The buffered producer maps keys on its own side, so the result must be the same to the bit.
 */
export function hashPartitionKey(key: string): number {
  const data = Buffer.from(key, 'utf8');
  let a = (0xdeadbeef + data.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (let left = data.length; left > 12; left -= 12, at += 12) {
    a = (a + data.readInt32LE(at)) | 0;
    b = (b + data.readInt32LE(at + 4)) | 0;
    c = (c + data.readInt32LE(at + 8)) | 0;
    [a, b, c] = mix(a, b, c);
  }
  if (data.length > at) {
    const tail = Buffer.alloc(12);
    data.copy(tail, 0, at);
    [b, c] = finish((a + tail.readInt32LE(0)) | 0, (b + tail.readInt32LE(4)) | 0, (c + tail.readInt32LE(8)) | 0);
  }
  return ((b ^ c) << 16) >> 16;
}

/** The partition a key belongs to. */
export const partitionOf = (key: string, partitions: number): number => Math.abs(hashPartitionKey(key) % partitions);

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

function mix(a: number, b: number, c: number): [number, number, number] {
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
  return [a, b, c];
}

function finish(a: number, b: number, c: number): [number, number] {
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return [b, c];
}
