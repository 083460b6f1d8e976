import type { IdempotencyWindow } from './idempotency-window.ts';
import { Problem } from './problem.ts';

/** An answer, and whether it is one that was given before. */
export interface Answered<Answer> {
  answer: Answer;
  replayed: boolean;
}

/**
 * Does what a request asks for, unless the same request was answered lately.
 * @param name what customer and Idempotency-Key name
 * @param hash of the body: the same name with another one is refused
 * @throws {Problem} request_in_progress, idempotency_key_reused, and whatever `work` throws
 */
export async function once<Answer>(
  window: IdempotencyWindow<Answer>,
  name: string,
  hash: string,
  work: () => Promise<Answer>,
): Promise<Answered<Answer>> {
  const claim = window.claim(name, hash);
  switch (claim.kind) {
    case 'answered':
      return { answer: claim.answer, replayed: true };
    case 'in_progress':
      throw new Problem('request_in_progress', 'the same request is being worked on', {
        headers: { 'retry-after': '1' },
      });
    case 'reused':
      throw new Problem('idempotency_key_reused', 'this Idempotency-Key came with another body before');
    case 'new':
      return { answer: await workOnce(window, name, work), replayed: false };
  }
}

async function workOnce<Answer>(
  window: IdempotencyWindow<Answer>,
  name: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await work();
    window.answer(name, answer);
    return answer;
  } catch (error) {
    if (error instanceof Problem && error.code === 'hub_unavailable') window.fail(name);
    else window.release(name);
    throw error;
  }
}
