import type { DomainEvent } from '../domain/event-types.ts';
import { isFinal } from '../domain/order-machine.ts';
import { PARCEL_MACHINE, type ParcelState } from '../domain/parcel-machine.ts';
import type { Handled } from './effects.ts';
import type { OrderState, ParcelAttempt } from './order-state.ts';
import { askRefund, paidAttempt, valueOfUnits } from './refunds.ts';
import { ask, orderOf, requestOf, settle, settleAll } from './requests.ts';
import { commitStock, restock } from './stock.ts';
import { close, type Turn, takeStep } from './turn.ts';
import { APPLIED, DUPLICATE, early, late, misplaced } from './verdicts.ts';

const BEFORE_PICK_UP: ReadonlySet<ParcelState> = new Set(['pending', 'label_failed', 'label_created', 'ready']);

const findParcel = (order: OrderState, parcelNo: number): ParcelAttempt | undefined => order.parcels[parcelNo - 1];

function missing({ status }: OrderState, parcelNo: number): Handled {
  const detail = `there is no parcel ${parcelNo}`;
  return isFinal(status) ? late(detail) : early(detail);
}

type Label = DomainEvent<'oms.shipment.label_created.v1'>['data'];

/** A carrier that was given up made a label after all: it is given back. */
function giveBack(turn: Turn, { parcel_no, carrier, tracking_no }: Label): Handled {
  ask(turn, 'void_label', { ...orderOf(turn.order), parcel_no, carrier, tracking_no });
  return APPLIED;
}

function takeLabel(turn: Turn, data: Label): Handled {
  const { order, effects } = turn;
  const parcel = findParcel(order, data.parcel_no);
  if (!parcel) return missing(order, data.parcel_no);
  const to = PARCEL_MACHINE.target(parcel.state, 'shipment.label_created');
  if (!to) return parcel.trackingNo === data.tracking_no ? DUPLICATE : giveBack(turn, data);
  parcel.state = to;
  parcel.carrier = data.carrier;
  parcel.trackingNo = data.tracking_no;
  parcel.costMinor = data.cost_minor;
  parcel.labelUrl = data.label_url ?? null;
  parcel.promisedAt = Date.parse(data.promised_at);
  effects.changed.add('parcels');
  effects.documents.push({ kind: 'label', no: parcel.parcelNo });
  if (order.status === 'confirmed') takeStep(turn, 'shipment.label_created', 'first_label');
  return APPLIED;
}

export function labelCreated(turn: Turn, { data }: DomainEvent<'oms.shipment.label_created.v1'>): Handled {
  const handled = takeLabel(turn, data);
  if (handled.verdict !== 'early') settle(turn, requestOf(turn.order, data.op_key));
  return handled;
}

/** The next try is an obligation like any other. */
export function labelFailed(turn: Turn, { data }: DomainEvent<'oms.shipment.label_failed.v1'>): Handled {
  const { order, effects } = turn;
  const parcel = findParcel(order, data.parcel_no);
  if (!parcel) return missing(order, data.parcel_no);
  const asked = requestOf(order, data.op_key);
  if (asked?.state === 'done') return DUPLICATE;
  settle(turn, asked);
  const to = PARCEL_MACHINE.target(parcel.state, 'shipment.label_failed');
  if (!to) return misplaced(PARCEL_MACHINE, parcel.state, 'shipment.label_failed');
  parcel.state = to;
  effects.changed.add('parcels');
  return APPLIED;
}

type Scan = DomainEvent<
  | 'oms.shipment.picked_up.v1'
  | 'oms.shipment.in_transit.v1'
  | 'oms.shipment.out_for_delivery.v1'
  | 'oms.shipment.delivery_failed.v1'
  | 'oms.shipment.delivered.v1'
  | 'oms.shipment.lost.v1'
  | 'oms.shipment.returned_to_sender.v1'
>;

/** What a scan means besides the parcel's step; `at` is the carrier's clock. */
type Consequence = (turn: Turn, parcel: ParcelAttempt, at: number) => void;

const scanned =
  (trigger: string, consequence?: Consequence) =>
  (turn: Turn, { data }: Scan): Handled => {
    const { order, effects } = turn;
    const parcel = findParcel(order, data.parcel_no);
    if (!parcel) return missing(order, data.parcel_no);
    if (parcel.trackingNo !== null && parcel.trackingNo !== data.tracking_no) {
      return late(`${data.tracking_no} is not the label of parcel ${data.parcel_no} any more`);
    }
    const to = PARCEL_MACHINE.target(parcel.state, trigger);
    if (!to) return misplaced(PARCEL_MACHINE, parcel.state, trigger);
    parcel.state = to;
    effects.changed.add('parcels');
    consequence?.(turn, parcel, Date.parse(data.at));
    return APPLIED;
  };

/** The goods have left: what was held for them is sold. */
function handedOver(turn: Turn, parcel: ParcelAttempt, at: number): void {
  const { order, effects } = turn;
  parcel.shippedAt = at;
  commitStock(turn, parcel.warehouse);
  for (const { line, quantity } of parcel.lines) {
    const bought = order.lines.find((one) => one.line === line);
    if (bought) bought.shipped += quantity;
  }
  effects.changed.add('lines');
  settleAll(turn, 'pickup', ({ parcel_no }) => parcel_no === parcel.parcelNo);
  const all = !order.parcels.some(({ state }) => BEFORE_PICK_UP.has(state));
  if (all) takeStep(turn, 'shipment.picked_up', 'all_parcels');
  else if (order.status === 'fulfilling') takeStep(turn, 'shipment.picked_up', 'some_parcels');
}

/** Once the last parcel has come to its end the order knows its own. */
function concludeDelivery(turn: Turn, trigger: string): void {
  const { order } = turn;
  if (order.status !== 'shipped' || !order.parcels.every(({ state }) => PARCEL_MACHINE.isFinal(state))) return;
  if (trigger === 'shipment.delivered') takeStep(turn, trigger, 'all_final');
  else if (order.parcels.some(({ state }) => state === 'delivered')) takeStep(turn, trigger, 'one_delivered');
  else close(turn, trigger, 'none_delivered', 'returned', 'undeliverable');
}

function handedToCustomer(turn: Turn, parcel: ParcelAttempt, at: number): void {
  parcel.deliveredAt = at;
  concludeDelivery(turn, 'shipment.delivered');
}

/** What the customer does not get is refunded; an order that closes for it refunds everything at once. */
function compensate(turn: Turn, trigger: string, value: number, reason: string): void {
  concludeDelivery(turn, trigger);
  if (turn.order.status !== 'closing') askRefund(turn, paidAttempt(turn.order), value, { reason });
}

function wentMissing(turn: Turn, parcel: ParcelAttempt): void {
  let value = 0;
  for (const { line, quantity } of parcel.lines) {
    const bought = turn.order.lines.find((one) => one.line === line);
    if (!bought) continue;
    value += valueOfUnits(bought, bought.returned + bought.lost, quantity);
    bought.lost += quantity;
  }
  turn.effects.changed.add('lines');
  compensate(turn, 'shipment.lost', value, 'lost');
}

function cameBack(turn: Turn, parcel: ParcelAttempt): void {
  let value = 0;
  for (const { line, quantity } of parcel.lines) {
    const bought = turn.order.lines.find((one) => one.line === line);
    if (!bought) continue;
    value += valueOfUnits(bought, bought.returned + bought.lost, quantity);
    bought.returned += quantity;
    restock(turn, bought.productId, quantity, 'undeliverable');
  }
  turn.effects.changed.add('lines');
  compensate(turn, 'shipment.returned_to_sender', value, 'undeliverable');
}

export const pickedUp = scanned('shipment.picked_up', handedOver);
export const inTransit = scanned('shipment.in_transit');
export const outForDelivery = scanned('shipment.out_for_delivery');
export const deliveryFailed = scanned('shipment.delivery_failed');
export const delivered = scanned('shipment.delivered', handedToCustomer);
export const lost = scanned('shipment.lost', wentMissing);
export const returnedToSender = scanned('shipment.returned_to_sender', cameBack);

/** Nobody has heard of these parcels for as long as anybody waits. */
export function giveUpParcels(turn: Turn): void {
  for (const parcel of turn.order.parcels) {
    const to = PARCEL_MACHINE.target(parcel.state, 'shipment.lost');
    if (!to) continue;
    parcel.state = to;
    turn.effects.changed.add('parcels');
    wentMissing(turn, parcel);
  }
}
