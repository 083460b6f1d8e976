function stepButton(field: HTMLInputElement, step: 1 | -1, label: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'step';
  button.textContent = step > 0 ? '+' : '−';
  button.setAttribute('aria-label', `${label} ${field.labels?.[0]?.textContent?.trim() ?? ''}`.trim());
  button.addEventListener('click', () => {
    if (step > 0) field.stepUp();
    else field.stepDown();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
  return button;
}

/** Puts minus and plus beside every field for a quantity. */
export function addSteppers(root: ParentNode = document): void {
  for (const field of root.querySelectorAll<HTMLInputElement>('input[data-stepper]')) {
    field.before(stepButton(field, -1, 'Less of'));
    field.after(stepButton(field, 1, 'More of'));
  }
}
