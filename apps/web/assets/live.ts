/** After an answer that is no stream a browser gives up for good: then it is tried again this much later. */
const AGAIN_MS = 5_000;

type Handlers = Record<string, (data: string) => void>;

/** Listens to a stream for as long as the page is there, until `close` is called. */
export function listen(url: string, handlers: Handlers): { close(): void } {
  let source: EventSource;
  let isClosed = false;
  const open = () => {
    source = new EventSource(url);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle((event as MessageEvent<string>).data));
    }
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED && !isClosed) setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return {
    close() {
      isClosed = true;
      source.close();
    },
  };
}

/** Makes a place whose words are read out when they change. */
export function announcer(): (words: string) => void {
  const place = document.createElement('p');
  place.setAttribute('role', 'status');
  place.className = 'hidden';
  document.querySelector('main')?.append(place);
  return (words) => {
    if (place.textContent !== words) place.textContent = words;
  };
}

const openedIn = (part: Element): Set<string> =>
  new Set([...part.querySelectorAll('details[open] > summary')].map(({ textContent }) => textContent ?? ''));

/** Whether somebody is filling in a form in there: what is typed must not go. */
const isBusy = (part: Element): boolean =>
  part.contains(document.activeElement) && document.activeElement?.closest('form') != null;

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

/** What was chosen or typed there, put into the same fields later on. */
function keepEntries(part: Element): () => void {
  const before = fieldsIn(part);
  return () => {
    for (const [name, field] of fieldsIn(part)) {
      const old = before.get(name);
      if (!old) continue;
      if (field instanceof HTMLInputElement && field.type === 'radio')
        field.checked = (old as HTMLInputElement).checked;
      else if (old instanceof HTMLSelectElement || old.value !== old.defaultValue) field.value = old.value;
    }
  };
}

/**
 * Puts a new piece of the page in its place: at once, or when nobody is at one of its forms any more. What was unfolded
 * stays so, and what was entered stays entered.
 * @param finish gets the part whenever its content is new
 */
export function swapper(part: Element, finish: (part: Element) => void = () => {}): (html: string) => void {
  let waiting: string | undefined;
  const flush = () => {
    if (waiting === undefined || isBusy(part)) return;
    const opened = openedIn(part);
    const focused = part.contains(document.activeElement);
    const restore = keepEntries(part);
    part.innerHTML = waiting;
    waiting = undefined;
    restore();
    finish(part);
    for (const summary of part.querySelectorAll('details > summary')) {
      if (opened.has(summary.textContent ?? '')) summary.parentElement?.setAttribute('open', '');
    }
    if (focused) document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true });
  };
  part.addEventListener('focusout', () => setTimeout(flush));
  return (html) => {
    waiting = html;
    flush();
  };
}
