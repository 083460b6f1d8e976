/** An answer that is a page saying what went wrong; thrown anywhere below a route. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: number;
  readonly title: string;

  /** @param advice what to do about it, in a sentence or two for whoever reads the page */
  constructor(status: number, title: string, advice: string) {
    super(advice);
    this.status = status;
    this.title = title;
  }
}

export const pageNotFound = () =>
  new PageError(
    404,
    'We could not find that page',
    'The link may be old, or something may be missing from the address.',
  );
