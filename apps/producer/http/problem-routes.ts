import type { FastifyInstance } from 'fastify';
import { PROBLEM_CODES } from './problem-codes.ts';

const explain = ([code, [status, title, meaning]]: [string, readonly [number, string, string]]) => ({
  code,
  status,
  title,
  meaning,
});

/** GET /problems and GET /problems/{code}: what the `type` of a problem leads to. */
export function addProblemRoutes(app: FastifyInstance): void {
  const problems = Object.entries(PROBLEM_CODES).map(explain);
  app.get('/problems', async () => ({ problems }));
  for (const problem of problems) app.get(`/problems/${problem.code}`, async () => problem);
}
