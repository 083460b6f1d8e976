import type { OpRequest } from '../../../lib/process/external-op.ts';

/** A parcel as the carrier knows it. */
export interface Consignment {
  orderId: string;
  parcelNo: number;
  carrier: string;
  trackingNo: string;
  state: 'made' | 'voided' | 'handed_over';
}

/** Carriers with books of their own: the same key gets the same label for ever. */
export class Carriers {
  readonly consignments = new Map<string, Consignment>();
  readonly #labels = new Map<string, Consignment | null>();

  /** null: refused, for good under this key. */
  label(key: string, request: OpRequest<'label'>, refuses: boolean): Consignment | null {
    const before = this.#labels.get(key);
    if (before !== undefined) return before;
    const made: Consignment | null = refuses
      ? null
      : {
          orderId: request.order_id,
          parcelNo: request.parcel_no,
          carrier: request.carrier,
          trackingNo: `T${this.consignments.size + 1}`,
          state: 'made',
        };
    if (made) this.consignments.set(made.trackingNo, made);
    this.#labels.set(key, made);
    return made;
  }

  /** @returns whether the carrier takes the parcel now, rather than before or not at all */
  pickUp(trackingNo: string): boolean {
    const parcel = this.consignments.get(trackingNo);
    if (parcel?.state !== 'made') return false;
    parcel.state = 'handed_over';
    return true;
  }

  giveBack(trackingNo: string): void {
    const parcel = this.consignments.get(trackingNo);
    if (parcel?.state === 'made') parcel.state = 'voided';
  }
}
