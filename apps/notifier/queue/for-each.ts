/** Does something with each item, at most `concurrency` at a time; `act` does not reject. */
export async function forEach<Item>(
  items: readonly Item[],
  concurrency: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < items.length) await act(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
}
