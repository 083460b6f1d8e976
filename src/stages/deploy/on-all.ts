/**
 * Does the work for all at once and waits for each of them, also when one fails: what is still under way on one server
 * would go on beside whatever comes next.
 * @throws the first failure, once all have ended.
 */
export async function onAll<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const running = items.map(work);
  await Promise.allSettled(running);
  return Promise.all(running);
}
