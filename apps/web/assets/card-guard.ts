import { containsCardNumber } from '../../../lib/domain/card-number.ts';

const SENTENCE = 'This looks like the number of a card. Please never type card numbers here.';

const textFields = (form: HTMLFormElement): HTMLInputElement[] => [
  ...form.querySelectorAll<HTMLInputElement>('input[type="search"], input:not([type])'),
];

/** Whether somebody has typed a card number into the form: it must not leave the browser. */
export const hasCardNumber = (form: HTMLFormElement): boolean =>
  textFields(form).some(({ value }) => containsCardNumber(value));

function say(field: HTMLInputElement, sentence: string): void {
  field.setCustomValidity(sentence);
  if (sentence) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

/** Keeps card numbers from being sent, whatever field they are typed into; the server refuses them as well. */
export function guardCardNumbers(): void {
  // Before every other listener: what is stopped here was never sent.
  addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      const guilty = textFields(form).filter(({ value }) => containsCardNumber(value));
      const [first] = guilty;
      if (!first) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      for (const field of guilty) {
        say(field, SENTENCE);
        field.addEventListener('input', () => say(field, ''), { once: true });
      }
      first.reportValidity();
    },
    { capture: true },
  );
}
