import { hasCardNumber } from './card-guard.ts';

/** Asks the server for the checkout as it is filled in now, and takes its summary over. */
async function reprice(form: HTMLFormElement): Promise<void> {
  if (hasCardNumber(form)) return;
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('step', 'update');
  const response = await fetch(form.action, { method: 'POST', body: fields });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector('[data-summary]');
  const shown = form.querySelector('[data-summary]');
  if (fresh && shown) shown.replaceChildren(...fresh.children);
}

/** Country and shipping change the total: it is brought up to date without leaving the page. */
export function repriceCheckout(): void {
  const form = document.querySelector<HTMLFormElement>('form.checkout');
  if (!form) return;
  form.classList.add('scripted');
  for (const field of form.querySelectorAll('[data-reprice]')) {
    // When it fails the server finds the difference when the order is placed.
    field.addEventListener('change', () => void reprice(form).catch(() => {}));
  }
}
