import type { FastifyInstance } from 'fastify';
import { ApiProblem } from '../api/api-problem.ts';
import { type Board, type Letter, Staff } from '../api/staff.ts';
import { page } from '../html/layout.ts';
import { PageError } from '../http/page-error.ts';
import type { WebParts } from '../parts.ts';
import { awayPage, consolePage } from './console-page.ts';
import type { StaffGate } from './staff-gate.ts';

interface Seen {
  board: Board;
  letters: Letter[];
}

/** An order API without a token has nothing for the staff. */
export const withoutToken = () =>
  new PageError(
    404,
    'There is no page for the staff',
    'The order API was started without a token: set OMS_ADMIN_TOKEN there.',
  );

/** What to make of an order API that gives nothing: undefined while it is away. */
function away(error: unknown): undefined {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 404) throw withoutToken();
  if (error.status === 503) return undefined;
  throw error;
}

/** GET /console: the whole flow for the staff. */
export function addConsoleRoute(app: FastifyInstance, parts: WebParts, gate: StaffGate): void {
  const staff = new Staff(parts.api);
  app.get('/console', async (request, reply) => {
    const seen = await gate
      .pass(request, reply, async (call): Promise<Seen> => {
        const [board, letters] = await Promise.all([staff.board(call), staff.letters(call)]);
        return { board, letters };
      })
      .catch(away);
    if (seen) return page(reply, parts, consolePage(seen.board, seen.letters));
    reply.code(503).header('retry-after', '2');
    return page(reply, parts, awayPage());
  });
}
