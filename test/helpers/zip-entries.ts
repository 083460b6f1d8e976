import { inflateRawSync } from 'node:zlib';

const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;

/** The files of a zip archive, unpacked; layout: PKWARE's APPNOTE.TXT, 4.3.7 and 4.3.12. */
export function zipEntries(zip: Buffer): Buffer[] {
  const found: Buffer[] = [];
  // The directory is at the end, and its place is four bytes of the record that ends the file.
  let at = zip.readUInt32LE(zip.length - 6);
  while (zip.readUInt32LE(at) === CENTRAL_HEADER) {
    const [method, packed, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + packed);
    found.push(method === 0 ? data : inflateRawSync(data));
    at += CENTRAL_BYTES + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return found;
}
