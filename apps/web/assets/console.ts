// page script: on the page of the staff
import { announcer, listen, swapper } from './live.ts';

interface Update {
  parts: Record<string, string>;
  title: string;
  pulse: string;
}

/** A board comes every second; after so long without one what is shown is old. */
const STALE_MS = 5_000;

/** Says how old the page is: live, or since when nothing has come. */
function heart(place: HTMLElement): (pulse: string) => void {
  let timer: number | undefined;
  const stop = () => {
    place.classList.remove('beating');
    place.classList.add('stale');
    place.append(': nothing has come since. The order API or its database does not answer.');
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(stop, STALE_MS);
  };
  wait();
  return (pulse) => {
    place.classList.remove('stale');
    place.classList.add('beating');
    place.innerHTML = pulse;
    wait();
  };
}

function follow(pulse: HTMLElement): void {
  const places = [...document.querySelectorAll<HTMLElement>('[data-part]')];
  const swaps = new Map(places.map((place) => [place.dataset.part, swapper(place)]));
  const beat = heart(pulse);
  const announce = announcer();
  const shop = document.title.split(' – ').at(-1);
  let title = '';
  listen('/console/events', {
    live(data) {
      const update = JSON.parse(data) as Update;
      for (const [name, html] of Object.entries(update.parts)) swaps.get(name)?.(html);
      beat(update.pulse);
      document.title = `${update.title} – ${shop}`;
      if (title && update.title !== title) announce(update.title);
      title = update.title;
    },
  });
}

document.querySelector('[data-scripted]')?.removeAttribute('hidden');

const pulse = document.querySelector<HTMLElement>('[data-pulse]');
if (pulse) follow(pulse);
