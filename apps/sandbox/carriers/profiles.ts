/** What a stand-in carrier asks for a parcel, in minor units of the order's currency, and how soon it promises it. */
export interface CarrierProfile {
  /** How its tracking numbers begin. */
  prefix: string;
  costMinor: Record<'standard' | 'express', number>;
  days: Record<'standard' | 'express', number>;
}

const PROFILES: Record<string, CarrierProfile> = {
  swiftpost: { prefix: 'SP', costMinor: { standard: 520, express: 1_190 }, days: { standard: 3, express: 1 } },
  parcelway: { prefix: 'PW', costMinor: { standard: 430, express: 990 }, days: { standard: 5, express: 2 } },
};
const ANY: CarrierProfile = {
  prefix: 'XX',
  costMinor: { standard: 490, express: 1_090 },
  days: { standard: 4, express: 2 },
};

/** Every name is a carrier; those in the table have prices of their own. */
export const profileOf = (carrier: string): CarrierProfile => PROFILES[carrier] ?? ANY;
