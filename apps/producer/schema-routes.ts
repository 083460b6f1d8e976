import type { FastifyInstance } from 'fastify';
import { EVENT_TYPES, type EventType } from '../../lib/domain/event-types.ts';
import { envelopeSchema, eventSchema } from '../../lib/integration/event-schema.ts';
import { Problem } from './http/problem.ts';

/** GET /schemas/{file}: what the `dataschema` of an event names. */
export function addSchemaRoutes(app: FastifyInstance): void {
  const types = Object.keys(EVENT_TYPES) as EventType[];
  const files = new Map(types.map((type) => [`${type}.json`, () => eventSchema(type)]));
  files.set('cloud-event.json', envelopeSchema);

  const schema = { summary: 'JSON Schema of an event, or of the envelope.' };
  app.get<{ Params: { file: string } }>('/schemas/:file', { schema }, async (request, reply) => {
    const give = files.get(request.params.file);
    if (!give) throw new Problem('not_found', 'there is no such schema');
    return reply.type('application/schema+json').send(JSON.stringify(give()));
  });
}
