import type { Consignment } from './road.ts';

const LINE = 18;

/** A label as PDF, A6: who carries what from where to where. */
export async function labelPdf(consignment: Consignment): Promise<Buffer> {
  const { default: PdfDocument } = await import('pdfkit');
  const document = new PdfDocument({ size: 'A6', margin: 24, info: { Title: consignment.trackingNo } });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => document.on('end', resolve));
  document.fontSize(16).text(consignment.carrier.toUpperCase()).moveDown(0.5);
  document.fontSize(14).text(consignment.trackingNo).moveDown(0.5);
  document.fontSize(10);
  for (const line of linesOf(consignment)) document.text(line, { lineGap: LINE - 10 });
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

function linesOf(consignment: Consignment): string[] {
  const what = consignment.request.lines.map(({ sku, quantity }) => `${quantity} x ${sku}`);
  const order = `Order ${consignment.request.order_id}`;
  if (consignment.direction === 'return') return ['RETURN', order, ...what];
  const { warehouse, ship_to, service, parcel_no } = consignment.request;
  const to = `${ship_to.postcode_prefix} ${ship_to.city}, ${ship_to.country}`.trim();
  return [`From ${warehouse}`, `To ${to}`, service, `${order}, parcel ${parcel_no}`, ...what];
}
