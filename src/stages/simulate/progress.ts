import { LiveArea } from '../../ui/live-area.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { liveLines, type Moment, plainLine } from './view.ts';

const FRAME_MS = 250;
const PLAIN_LINE_MS = 1_000;

/**
 * Shows a run while it goes, on stderr: drawn four times a second on a terminal, a line each second elsewhere, nothing
 * under --json or --quiet. `stop` leaves a terminal as it was.
 */
export function showProgress(terminal: Terminal, title: readonly string[], look: () => Moment): { stop: () => void } {
  if (terminal.json || terminal.quiet) return { stop: () => {} };
  if (!process.stderr.isTTY) {
    const timer = setInterval(() => terminal.note(plainLine(look())), PLAIN_LINE_MS);
    return { stop: () => clearInterval(timer) };
  }
  const area = new LiveArea(process.stderr);
  const draw = () => area.draw(liveLines(title, look(), (process.stderr.columns || 80) - 1));
  const timer = setInterval(draw, FRAME_MS);
  draw();
  return {
    stop() {
      clearInterval(timer);
      area.clear();
    },
  };
}
