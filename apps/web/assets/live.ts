import { keepEntries } from './entries.ts';

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

/** Whether somebody is filling in a form in there, or has marked words to copy them: neither must go. */
function isBusy(part: Element): boolean {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && part.contains(selection.anchorNode)) return true;
  return part.contains(document.activeElement) && document.activeElement?.closest('form') != null;
}

/** The element of a new piece that stands for `old`: the same link, or one of the same words. */
const successor = (part: Element, old: Element): HTMLElement | undefined =>
  [...part.querySelectorAll<HTMLElement>(old.localName)].find(
    (one) => one.getAttribute('href') === old.getAttribute('href') && one.textContent === old.textContent,
  );

function replace(part: Element, html: string): void {
  const opened = openedIn(part);
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const restore = keepEntries(part);
  part.innerHTML = html;
  restore();
  for (const summary of part.querySelectorAll('details > summary')) {
    if (opened.has(summary.textContent ?? '')) summary.parentElement?.setAttribute('open', '');
  }
  if (!focused) return;
  const next = successor(part, focused) ?? document.querySelector<HTMLElement>('#main');
  next?.focus({ preventScroll: true });
}

/**
 * Puts a new piece of the page in its place: at once, or when nobody is at a form there or marks words any more. What was
 * unfolded stays so, what was entered stays entered, and whoever is at a link stays there.
 * @param finish gets the part whenever its content is new
 */
export function swapper(part: Element, finish: (part: Element) => void = () => {}): (html: string) => void {
  let waiting: string | undefined;
  const flush = () => {
    if (waiting === undefined || isBusy(part)) return;
    const html = waiting;
    waiting = undefined;
    replace(part, html);
    finish(part);
  };
  part.addEventListener('focusout', () => setTimeout(flush));
  document.addEventListener('selectionchange', flush);
  return (html) => {
    waiting = html;
    flush();
  };
}
