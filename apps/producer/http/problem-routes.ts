import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Problem } from './problem.ts';
import { PROBLEM_CODES } from './problem-codes.ts';

const Explanation = Type.Object({
  code: Type.String(),
  status: Type.Integer(),
  title: Type.String(),
  meaning: Type.String(),
});

/** GET /problems and GET /problems/{code}: what the `type` of a problem leads to. */
export function addProblemRoutes(instance: FastifyInstance): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const problems = Object.entries(PROBLEM_CODES).map(([code, [status, title, meaning]]) => ({
    code,
    status,
    title,
    meaning,
  }));
  const byCode = new Map(problems.map((problem) => [problem.code, problem]));

  app.get('/problems', {
    schema: {
      summary: 'What every code means.',
      response: { 200: Type.Object({ problems: Type.Array(Explanation) }) },
    },
    handler: async () => ({ problems }),
  });

  app.get('/problems/:code', {
    schema: {
      summary: 'What a code means.',
      params: Type.Object({ code: Type.String() }),
      response: { 200: Explanation },
    },
    handler: async (request) => {
      const problem = byCode.get(request.params.code);
      if (!problem) throw new Problem('not_found', 'there is no such problem');
      return problem;
    },
  });
}
