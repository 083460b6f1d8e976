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
  part.contains(document.activeElement) && document.activeElement?.matches('input, select, textarea') === true;

/** Puts a new piece of the page in its place: at once, or when nobody types there any more. What was unfolded stays so. */
export function swapper(part: Element): (html: string) => void {
  let waiting: string | undefined;
  const flush = () => {
    if (waiting === undefined || isBusy(part)) return;
    const opened = openedIn(part);
    const focused = part.contains(document.activeElement);
    part.innerHTML = waiting;
    waiting = undefined;
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
