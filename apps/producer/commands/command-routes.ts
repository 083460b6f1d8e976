import type { FastifyInstance, FastifyRequest, onRequestHookHandler, preValidationHookHandler } from 'fastify';
import { checkId } from '../http/ids.ts';
import type { Command } from './command.ts';
import { type Asker, type CommandDesk, CommandReceipt } from './command-desk.ts';

export interface CommandRoute {
  command: Command;
  /** Path with `:id` for the order. */
  path: string;
  onRequest: onRequestHookHandler[];
  preValidation: preValidationHookHandler;
  keyOf(request: FastifyRequest): string;
  askerOf(request: FastifyRequest): Asker;
}

/** POST of one request about an order; 202 means that Event Hubs has it. */
export function addCommandRoute(app: FastifyInstance, desk: CommandDesk, route: CommandRoute): void {
  const { command, path, onRequest, preValidation } = route;
  app.post<{ Params: { id: string } & Record<string, string> }>(path, {
    schema: { summary: command.summary, body: command.body, response: { 202: CommandReceipt } },
    ...{ onRequest, preValidation },
    handler: async (request, reply) => {
      const { id, ...params } = request.params;
      const asked = { orderId: checkId(id), key: route.keyOf(request), body: request.body, params };
      const { answer, replayed } = await desk.ask(command, asked, route.askerOf(request));
      reply.code(202).header('location', answer.status_url);
      if (replayed) reply.header('idempotent-replayed', 'true');
      return answer;
    },
  });
}
