import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { messageOf, OmsError } from '../../errors.ts';

const percent = Type.Number({ minimum: 0, maximum: 100 });

/** How many orders of a hundred go which way; what is left out happens to none. */
export const Mix = Type.Object(
  {
    /** Declined at first: half of them softly, most of which a second try saves. */
    declines: Type.Optional(percent),
    /** The bank asks the customer to confirm. */
    mfa: Type.Optional(percent),
    /** The provider books and does not answer. */
    timeouts: Type.Optional(percent),
    /** The first capture fails. */
    'capture-failures': Type.Optional(percent),
    /** Of buyers that are none; they come in the patterns of the fraud model. */
    fraud: Type.Optional(percent),
    cancels: Type.Optional(percent),
    returns: Type.Optional(percent),
    /** Parcels. */
    lost: Type.Optional(percent),
    'failed-delivery': Type.Optional(percent),
    undeliverable: Type.Optional(percent),
    /** Take less when there is not enough, rather than nothing. */
    amends: Type.Optional(percent),
    /** Of those who are asked for something: never answer. */
    silent: Type.Optional(percent),
  },
  { additionalProperties: false },
);
export type Mix = Static<typeof Mix>;

/** The order domain's shares; those of time-outs, failed captures and silence are guesses of ours. */
export const DEFAULT_MIX: Mix = {
  declines: 8,
  mfa: 4,
  timeouts: 1,
  'capture-failures': 0.5,
  fraud: 1.5,
  cancels: 6,
  returns: 12,
  lost: 1,
  'failed-delivery': 6,
  undeliverable: 1,
  amends: 50,
  silent: 10,
};

const validator = Compile(Mix);
const NAMES = Object.keys(Mix.properties).join(', ');
const EXAMPLE = '--mix default, --mix declines=8,returns=12 or --mix FILE.json';

function refuse(problem: string): OmsError {
  return new OmsError('usage', `--mix: ${problem}; for example ${EXAMPLE}`, {
    why: `a mix has percentages from 0 to 100 of ${NAMES}`,
    next: ['oms simulate --orders 1000 --mix default'],
  });
}

function checked(value: unknown): Mix {
  if (typeof value === 'object' && value !== null) {
    const unknown = Object.keys(value).find((name) => !(name in Mix.properties));
    if (unknown !== undefined) throw refuse(`there is no "${unknown}"`);
  }
  if (!validator.Check(value)) {
    const [problem] = validator.Errors(value);
    throw refuse(`${problem?.instancePath.slice(1)} ${problem?.message}`);
  }
  const exclusive = (names: readonly (keyof Mix)[]) => names.reduce((sum, name) => sum + (value[name] ?? 0), 0);
  if (exclusive(['declines', 'mfa', 'timeouts', 'capture-failures']) > 100) throw refuse('payments add up to over 100');
  if (exclusive(['lost', 'failed-delivery', 'undeliverable']) > 100) throw refuse('parcels add up to over 100');
  return value;
}

const parsePairs = (text: string): unknown =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const [name = '', share = ''] = pair.split('=', 2).map((part) => part.trim());
      return [name, /^\d+(\.\d+)?$/.test(share) ? Number(share) : share];
    }),
  );

async function readFileMix(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refuse(`cannot read ${file} as JSON: ${messageOf(error)}`);
  }
}

/**
 * What the words of --mix mean: `default`, `none`, `name=percent,...`, or a JSON file of the same.
 * @returns undefined for none
 * @throws {OmsError} `usage` naming what is wrong with it
 */
export async function readMix(words: string | undefined): Promise<Mix | undefined> {
  if (words === undefined || words === 'none') return undefined;
  if (words === 'default') return DEFAULT_MIX;
  return checked(words.includes('=') ? parsePairs(words) : await readFileMix(words));
}
