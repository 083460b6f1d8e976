/** Long enough for several presses of a plus button to be one change. */
const SETTLE_MS = 600;

/** Sends a form when one of its marked fields has changed; its button is not needed then, unless it says more. */
export function submitOnChange(): void {
  const timers = new WeakMap<HTMLFormElement, number>();
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[data-submit-on-change]')) {
    const { form } = field;
    if (!form) continue;
    form.classList.add('scripted');
    field.addEventListener('change', () => {
      clearTimeout(timers.get(form));
      const wait = field instanceof HTMLSelectElement ? 0 : SETTLE_MS;
      timers.set(
        form,
        setTimeout(() => form.reportValidity() && form.requestSubmit(), wait),
      );
    });
  }
}

/** A form that places or asks something is sent once; the server would take the second for the first anyway. */
export function sendOnce(): void {
  // Heard at the document, since the forms of an order's page come and go with its state.
  document.addEventListener('submit', (event) => {
    const { submitter } = event;
    const form = event.target as HTMLFormElement;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sent === 'yes') return event.preventDefault();
    if (submitter?.getAttribute('value') === 'update') return;
    form.dataset.sent = 'yes';
    submitter?.setAttribute('aria-busy', 'true');
  });
  // The page may come back from the browser's memory, with its forms as they were left.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]')) {
      delete form.dataset.sent;
      form.querySelector('[aria-busy]')?.removeAttribute('aria-busy');
    }
  });
}
