import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import type { Call } from '../api/order-api.ts';
import { Board, type Letter, LIVE_PATH, Staff } from '../api/staff.ts';
import type { ServerEvent } from '../http/event-lines.ts';
import type { EventRelay } from '../http/event-relay.ts';
import type { WebParts } from '../parts.ts';
import { asOf, type ConsoleParts, partsOf, titleOf } from './console-page.ts';
import type { StaffGate } from './staff-gate.ts';

const boardCheck = Compile(Board);

/** Letters are listed anew when their number has changed, and else so often. */
const LETTERS_EVERY_MS = 15_000;

/** What the script of the page puts in. */
export interface ConsoleUpdate {
  /** Those pieces that have changed since the last update of this stream. */
  parts: ConsoleParts;
  title: string;
  pulse: string;
}

/** The list of dead letters beside a stream: asked for when it may be another one, and never waited for. */
class LetterList {
  readonly #ask: () => Promise<Letter[]>;
  #letters: Letter[] | undefined;
  #open = -1;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(ask: () => Promise<Letter[]>) {
    this.#ask = ask;
  }

  /** As of a moment ago; undefined while it is not known. */
  at(open: number): Letter[] | undefined {
    if (open !== this.#open || performance.now() - this.#askedAt > LETTERS_EVERY_MS) this.#refresh(open);
    return this.#letters;
  }

  #refresh(open: number): void {
    this.#open = open;
    this.#askedAt = performance.now();
    this.#ask().then(
      (letters) => {
        this.#letters = letters;
      },
      () => {
        // The next board asks again.
        this.#open = -1;
      },
    );
  }
}

/** Turns boards into what has changed on one page. */
function translator(letters: LetterList): (event: ServerEvent) => string | undefined {
  const sent: Record<string, string> = {};
  return ({ event, data }) => {
    if (event !== 'live') return undefined;
    const board: unknown = JSON.parse(data);
    if (!boardCheck.Check(board)) return undefined;
    const parts = partsOf(board, letters.at(board.dead_letters.open));
    const changed = Object.entries(parts).filter(([name, piece]) => sent[name] !== piece);
    Object.assign(sent, parts);
    const update: ConsoleUpdate = { parts: Object.fromEntries(changed), title: titleOf(board), pulse: asOf(board.at) };
    return JSON.stringify(update);
  };
}

/** GET /console/events: the pieces of the staff's page, whenever they change. */
export function addConsoleEventsRoute(
  app: FastifyInstance,
  parts: WebParts,
  { gate, relay }: { gate: StaffGate; relay: EventRelay },
): void {
  const staff = new Staff(parts.api);
  app.get('/console/events', { exposeHeadRoute: false }, async (request, reply) => {
    const open = (call: Call) => {
      const letters = new LetterList(() => staff.letters(call));
      return relay.open(request, { path: LIVE_PATH, call, translate: translator(letters) });
    };
    return relay.answer(reply, await gate.pass(request, reply, open));
  });
}
