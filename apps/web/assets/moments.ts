const FORMAT = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  timeZoneName: 'short',
});

/** Pages say times in UTC, which few people live in: here the clock of the reader is known. */
export function localMoments(root: ParentNode = document): void {
  for (const moment of root.querySelectorAll<HTMLTimeElement>('time[data-moment]')) {
    moment.textContent = FORMAT.format(new Date(moment.dateTime));
  }
}
