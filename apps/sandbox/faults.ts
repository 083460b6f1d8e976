import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';

const Rate = Type.Number({ minimum: 0, maximum: 1, default: 0 });

/** What shall go wrong; everything that is left out does not. */
export const FaultSettings = Type.Object(
  {
    seed: Type.Integer({ default: 1, description: 'the same seed and the same requests give the same faults' }),
    latency_ms: Type.Number({ minimum: 0, maximum: 60_000, default: 0, description: 'before every answer' }),
    error_rate: { ...Rate, description: 'HTTP 500: half of them before anything is booked, half after' },
    label_failure_rate: { ...Rate, description: 'labels that a carrier refuses to make' },
    unavailable: Type.Object(
      {
        carrier: Type.Optional(Type.String({ description: 'this carrier answers 503' })),
        psp: Type.Optional(Type.Boolean({ description: 'the payment provider answers 503' })),
      },
      { default: {}, additionalProperties: false },
    ),
    drop_webhooks_rate: { ...Rate, description: 'webhooks that get lost on the way; they are sent again later' },
    duplicate_webhooks_rate: { ...Rate, description: 'webhooks that are sent twice' },
  },
  { additionalProperties: false },
);
export type FaultSettings = Static<typeof FaultSettings>;

const validator = Compile(FaultSettings);

/** @throws {TypeError} naming the first setting at fault */
export function parseFaults(value: unknown): FaultSettings {
  const settings = Default(FaultSettings, value);
  if (validator.Check(settings)) return settings;
  const [problem] = validator.Errors(settings);
  throw new TypeError(`faults: ${problem?.instancePath.slice(1) ?? ''} ${problem?.message ?? 'are not valid'}`);
}

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The faults that are switched on now. */
export class Faults {
  #settings = parseFaults({});
  #next = numbersFrom(1);

  get settings(): FaultSettings {
    return this.#settings;
  }

  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.#next = numbersFrom(settings.seed);
  }

  get latencyMs(): number {
    return this.#settings.latency_ms;
  }

  isAway(service: 'psp' | { carrier: string }): boolean {
    const { psp = false, carrier } = this.#settings.unavailable;
    return service === 'psp' ? psp : carrier === service.carrier;
  }

  /** Whether a request fails, and whether it is booked all the same. */
  serverError(): 'before' | 'after' | undefined {
    const { error_rate } = this.#settings;
    if (!this.#happens(error_rate)) return undefined;
    return this.#next() < 0.5 ? 'before' : 'after';
  }

  refusesLabel = (): boolean => this.#happens(this.#settings.label_failure_rate);
  dropsWebhook = (): boolean => this.#happens(this.#settings.drop_webhooks_rate);
  duplicatesWebhook = (): boolean => this.#happens(this.#settings.duplicate_webhooks_rate);

  #happens(rate: number): boolean {
    return rate > 0 && this.#next() < rate;
  }
}
