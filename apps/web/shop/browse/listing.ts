import { type ProductPage, SORTS, type Sort } from '../../api/catalogue.ts';
import { html, when } from '../../html/html.ts';
import { productGrid } from './product-card.ts';

const SORT_WORDS: Record<Sort, string> = {
  featured: 'Featured',
  price: 'Price: low to high',
  price_desc: 'Price: high to low',
  name: 'Name',
  newest: 'Newest',
};

/** What a listing's address says. */
export interface ListingQuery {
  q?: string | undefined;
  sort: Sort;
  page?: string | undefined;
}

export interface Listing {
  /** Address without query. */
  path: string;
  query: ListingQuery;
  found: ProductPage;
}

function address({ path, query: { q, sort } }: Listing, page: string | null): string {
  const given = { q, sort: sort === 'featured' ? undefined : sort, page: page ?? undefined };
  const query = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return query.length > 0 ? `${path}?${new URLSearchParams(query)}` : path;
}

const option = (sort: Sort, chosen: Sort): string =>
  sort === chosen
    ? html`<option value="${sort}" selected>${SORT_WORDS[sort]}</option>`
    : html`<option value="${sort}">${SORT_WORDS[sort]}</option>`;

const sorting = ({ path, query: { q, sort } }: Listing): string => html`<form class="sorting" action="${path}">
!${when(q, () => html`<input type="hidden" name="q" value="${q}">`)}
<label for="sort">Sort by</label>
<select id="sort" name="sort" data-submit-on-change>!${SORTS.map((each) => option(each, sort))}</select>
<button class="quiet" type="submit">Apply</button>
</form>`;

function pager(listing: Listing): string {
  const { offset, items, next, previous, total } = listing.found;
  // What the address says is the end by now: products behind it are no longer sold.
  if (items.length === 0)
    return html`<p><a class="button quiet" href="${address(listing, null)}">To the first page</a></p>`;
  return html`<nav class="pager" aria-label="Pages">
!${offset > 0 ? html`<a class="button quiet" rel="prev" href="${address(listing, previous)}">Previous</a>` : ''}
<span>${offset + 1}–${offset + items.length} of ${total}</span>
!${next ? html`<a class="button quiet" rel="next" href="${address(listing, next)}">Next</a>` : ''}
</nav>`;
}

/** Products with how to order them and how to go on. */
export const listing = (one: Listing): string => html`<div class="bar">
<p class="muted">${one.found.total} ${one.found.total === 1 ? 'product' : 'products'}</p>
!${when(one.found.total > 1, () => sorting(one))}
</div>
!${productGrid(one.found.items)}
!${when(one.found.items.length < one.found.total, () => pager(one))}`;
