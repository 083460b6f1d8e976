const COOKIE = /(?:^|; )(?:__Host-)?cart_count=(\d{1,4})(?:;|$)/;

/** Pages can be kept by proxies, so how much is in the cart is not in them: it is painted in from a cookie. */
export function showCartCount(): void {
  const count = COOKIE.exec(document.cookie)?.[1];
  const badge = document.querySelector<HTMLElement>('[data-cart-count]');
  if (!badge || !count || count === '0') return;
  badge.textContent = count;
  badge.setAttribute('aria-label', `${count} in your cart`);
  badge.hidden = false;
}
