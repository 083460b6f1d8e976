import type { FastifyReply } from 'fastify';
import type { Assets } from '../assets.ts';
import { html, when } from './html.ts';
import { icon } from './icons.ts';

/** What every page of the shop has in common. */
export interface Shop {
  assets: Assets;
  shopName: string;
}

export interface PageContent {
  /** Of the tab; the shop's name is added. */
  title: string;
  /** The piece between header and footer, with exactly one <h1>. */
  main: string;
  /** For search engines and previews. */
  description?: string;
  /** What was searched for, to stand in the field. */
  query?: string;
  /** Names of further scripts in the manifest: "tracking.js". */
  scripts?: readonly string[];
  /** Names of further style sheets in the manifest. */
  styles?: readonly string[];
  /** Without scripts the page is loaded anew after so many seconds. */
  refreshSeconds?: number;
  /** Whose page it is: the staff's has no search and no cart. */
  frame?: 'shop' | 'staff';
  /** Where it is, to be marked among the staff's pages. */
  address?: string;
  /** Not for search engines. */
  isPrivate?: boolean;
}

const script = (assets: Assets, name: string): string =>
  html`<script type="module" src="${assets.url(name)}"></script>`;

const style = (assets: Assets, name: string): string => html`<link rel="stylesheet" href="${assets.url(name)}">`;

function head({ assets, shopName }: Shop, content: PageContent): string {
  const { title, description, scripts = [], styles = [], refreshSeconds, isPrivate } = content;
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – ${shopName}</title>
!${when(description, () => html`<meta name="description" content="${description}">`)}
!${when(isPrivate, () => '<meta name="robots" content="noindex">')}
<link rel="icon" href="${assets.url('icon.svg')}" type="image/svg+xml">
!${['main.css', ...styles].map((name) => style(assets, name))}
!${when(refreshSeconds, () => html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`)}
!${['main.js', ...scripts].map((name) => script(assets, name))}
</head>`;
}

function header({ shopName }: Shop, { query = '' }: PageContent): string {
  return html`<header class="top">
<div class="wide top-row">
<a class="brand" href="/">!${icon('shop')}<span>${shopName}</span></a>
<form class="search" action="/search" role="search">
<label class="hidden" for="search">Search products</label>
<input id="search" type="search" name="q" value="${query}" placeholder="Search products" maxlength="100" autocomplete="off">
<button class="quiet" type="submit" aria-label="Search">!${icon('search')}</button>
</form>
<nav aria-label="Yours" class="yours">
<a href="/orders">!${icon('parcel')}<span>Orders</span></a>
<a href="/cart">!${icon('cart')}<span>Cart</span><span class="count" data-cart-count hidden></span></a>
</nav>
</div>
</header>`;
}

const STAFF_PAGES = [
  ['/console', 'Flow'],
  ['/console/ask', 'Questions'],
  ['/', 'To the shop'],
] as const;

const staffLink = (address: string, name: string, isHere: boolean): string =>
  isHere ? html`<a href="${address}" aria-current="page">${name}</a>` : html`<a href="${address}">${name}</a>`;

const staffHeader = ({ shopName }: Shop, { address: here }: PageContent): string => html`<header class="top">
<div class="wide top-row">
<a class="brand" href="/console">!${icon('shop')}<span>${shopName}</span> <span class="muted">operations</span></a>
<nav aria-label="Elsewhere" class="yours">!${STAFF_PAGES.map(([to, name]) => staffLink(to, name, to === here))}</nav>
</div>
</header>`;

const footer = ({ shopName }: Shop): string => html`<footer class="bottom">
<div class="wide bottom-row">
<p>${shopName}: a shop for trying things out. No money moves and no parcel leaves.</p>
<nav aria-label="About"><a href="/help">Help</a></nav>
</div>
</footer>`;

/** A whole document. */
export function layout(shop: Shop, content: PageContent): string {
  return `<!doctype html>
<html lang="en">
${head(shop, content)}
<body>
<a class="skip" href="#main">Skip to content</a>
${content.frame === 'staff' ? staffHeader(shop, content) : header(shop, content)}
<main id="main" class="wide" tabindex="-1">
${content.main}
</main>
${footer(shop)}
</body>
</html>
`;
}

/** Answers with a page. */
export const page = (reply: FastifyReply, shop: Shop, content: PageContent): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(layout(shop, content));
