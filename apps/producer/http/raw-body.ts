import type { FastifyInstance } from 'fastify';

/** Bodies of these routes reach preValidation as the bytes that came: what a signature is over. */
export function readRawBodies(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    done(null, body);
  });
}
