type Field = HTMLInputElement | HTMLSelectElement;

/** Fields that can be told from each other in two states of a form: by form, name, and value or place. */
function fieldsIn(part: Element): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const form of part.querySelectorAll('form')) {
    for (const field of form.querySelectorAll<Field>('input:not([type="hidden"]), select')) {
      const which = field.type === 'radio' ? field.value : field.id;
      fields.set([form.getAttribute('action'), field.name, which].join(' '), field);
    }
  }
  return fields;
}

function enterAgain(field: Field, old: Field): void {
  if (old instanceof HTMLSelectElement) field.value = old.value;
  else if (old.type === 'radio') (field as HTMLInputElement).checked = old.checked;
  else if (old.value !== old.defaultValue) field.value = old.value;
}

/** @returns puts what is chosen or typed there now into the same fields of what is there then */
export function keepEntries(part: Element): () => void {
  const before = fieldsIn(part);
  return () => {
    for (const [name, field] of fieldsIn(part)) {
      const old = before.get(name);
      if (old) enterAgain(field, old);
    }
  };
}
