import { hash } from 'node:crypto';
import type { Connection, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import type { LabelAnswer } from '../../../lib/integration/sandbox-api.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';
import type { Book, KeyedRequest, Reply } from '../book/desk.ts';
import { profileOf } from './profiles.ts';
import { type Consignment, dueAt, promisedMs } from './road.ts';

interface CarrierRequestBase extends KeyedRequest {
  carrier: string;
}
export type CarrierRequest = CarrierRequestBase &
  (
    | { kind: 'label'; body: OpRequest<'label'> }
    | { kind: 'return'; body: OpRequest<'return_label'> }
    | { kind: 'void' | 'pickup'; trackingNo: string; body: OpRequest<'pickup'> }
  );

/** The consignments a batch is about, and what it changes. */
export interface CarrierDesk {
  known: Map<string, Consignment>;
  changed: Set<Consignment>;
  /** Rows of carrier_roads. */
  roads: sql.Literal[][];
  nextDue: number;
}

export interface CarrierBookOptions {
  /** Where labels can be fetched: http://host:port. */
  publicUrl(): string;
  refusesLabel(): boolean;
  /** Told when a consignment is at its first station, after the commit. */
  wake(dueAt: number): void;
}

const refused = (status: number, code: string, detail: string): Reply => ({ status, body: { code, detail } });

/** One label, one number: it is derived from the request's key. */
const trackingNoOf = (carrier: string, key: string): string =>
  profileOf(carrier).prefix + hash('sha256', `${carrier}|${key}`, 'hex').slice(0, 18).toUpperCase();

export function toConsignment(row: RowDataPacket): Consignment {
  return {
    trackingNo: row.tracking_no,
    carrier: row.carrier,
    direction: row.direction,
    state: row.state,
    madeAt: Number(row.made_at),
    handedOverAt: row.handed_over_at === null ? null : Number(row.handed_over_at),
    request: JSON.parse(row.request),
  };
}

function setOut(consignment: Consignment, desk: CarrierDesk, now: number): void {
  consignment.state = 'handed_over';
  consignment.handedOverAt = now;
  desk.changed.add(consignment);
  const first = dueAt(consignment, 0)!;
  desk.nextDue = Math.min(desk.nextDue, first);
  desk.roads.push([sql.text(consignment.trackingNo), '0', sql.integer(first)]);
}

type LabelRequest = Extract<CarrierRequest, { kind: 'label' | 'return' }>;

function make(request: LabelRequest, desk: CarrierDesk, now: number, publicUrl: string): Reply {
  const { carrier, key } = request;
  const trackingNo = trackingNoOf(carrier, key);
  const made = { trackingNo, carrier, state: 'made' as const, madeAt: now, handedOverAt: null };
  const consignment: Consignment =
    request.kind === 'label'
      ? { ...made, direction: 'parcel', request: request.body }
      : { ...made, direction: 'return', request: request.body };
  desk.known.set(trackingNo, consignment);
  desk.changed.add(consignment);
  // The customer hands returned goods in by himself.
  if (request.kind === 'return') setOut(consignment, desk, now);
  const service = request.kind === 'label' ? request.body.service : 'standard';
  const scale = request.body.simulation?.time_scale ?? 1;
  const body: LabelAnswer = {
    status: 'created',
    tracking_no: trackingNo,
    label_url: `${publicUrl}/carriers/${carrier}/labels/${trackingNo}`,
    cost_minor: profileOf(carrier).costMinor[service],
    promised_at: new Date(now + Math.ceil(promisedMs(carrier, service) / scale)).toISOString(),
  };
  return { status: 200, body };
}

function move(kind: 'void' | 'pickup', consignment: Consignment, desk: CarrierDesk, now: number): Reply {
  const { state } = consignment;
  if (kind === 'void') {
    if (state === 'handed_over') return refused(409, 'handed_over', 'the carrier has it already');
    consignment.state = 'voided';
    desk.changed.add(consignment);
    return { status: 200, body: { status: 'voided' } };
  }
  if (state === 'voided') return refused(409, 'voided', 'the label was voided');
  if (state === 'made') setOut(consignment, desk, now);
  return { status: 200, body: { status: 'accepted' } };
}

async function load(connection: Connection, requests: readonly CarrierRequest[]): Promise<CarrierDesk> {
  const desk: CarrierDesk = { known: new Map(), changed: new Set(), roads: [], nextDue: Number.POSITIVE_INFINITY };
  const numbers = requests.flatMap((request) => ('trackingNo' in request ? sql.text(request.trackingNo) : []));
  if (numbers.length === 0) return desk;
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT * FROM carrier_consignments WHERE tracking_no IN (${numbers.join(',')})`,
  );
  for (const row of rows) desk.known.set(row.tracking_no, toConsignment(row));
  return desk;
}

const consignmentRow = (one: Consignment): sql.Literal[] => [
  sql.text(one.trackingNo),
  sql.text(one.carrier),
  sql.text(one.direction),
  sql.text(one.request.order_id),
  sql.text(one.state),
  sql.text(JSON.stringify(one.request)),
  sql.integer(one.madeAt),
  one.handedOverAt === null ? 'NULL' : sql.integer(one.handedOverAt),
];

function save({ changed, roads }: CarrierDesk): string {
  const columns = 'tracking_no, carrier, direction, order_id, state, request, made_at, handed_over_at';
  const update = 'state = VALUES(state), handed_over_at = VALUES(handed_over_at)';
  const rows = [...changed].map(consignmentRow);
  return (
    sql.insert(`carrier_consignments (${columns})`, rows).replace(/;$/, ` ON DUPLICATE KEY UPDATE ${update};`) +
    sql.insert('carrier_roads (tracking_no, step, due_at)', roads)
  );
}

/** The stand-in carriers' book: labels, and what is on the road. */
export function carrierBook(options: CarrierBookOptions): Book<CarrierRequest, CarrierDesk> {
  return {
    requestTable: 'carrier_requests',
    load,
    decide(request, desk, now) {
      if ('trackingNo' in request) {
        const consignment = desk.known.get(request.trackingNo);
        if (consignment?.carrier !== request.carrier) {
          return refused(404, 'unknown_parcel', 'this carrier has made no label with that tracking number');
        }
        return move(request.kind, consignment, desk, now);
      }
      if (request.kind === 'label' && options.refusesLabel()) {
        return { status: 200, body: { status: 'failed', code: 'label_service_error' } };
      }
      return make(request, desk, now, options.publicUrl());
    },
    save,
    committed: ({ nextDue }) => options.wake(nextDue),
  };
}
