// page script: on the page of an order
import { announcer, listen, swapper } from './live.ts';
import { localMoments } from './moments.ts';
import { addSteppers } from './stepper.ts';

interface Update {
  html: string;
  title: string;
  status: string;
  version: number;
}

function follow(part: HTMLElement): void {
  const swap = swapper(part, (fresh) => {
    localMoments(fresh);
    addSteppers(fresh);
  });
  const announce = announcer();
  const shop = document.title.split(' – ').at(-1);
  let status = part.querySelector<HTMLElement>('[data-status]')?.dataset.status;
  const stream = listen(`/orders/${part.dataset.order}/events`, {
    order(data) {
      const update = JSON.parse(data) as Update;
      part.classList.remove('message');
      swap(update.html);
      document.title = `${update.title} – ${shop}`;
      if (update.status !== status) announce(update.title);
      status = update.status;
    },
    end: () => stream.close(),
  });
}

const part = document.querySelector<HTMLElement>('#order[data-order]');
if (part) follow(part);
