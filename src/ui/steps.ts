import type { Terminal } from './terminal.ts';

/** Room below a step's title for several lines that are drawn anew in place. */
export interface StepArea {
  /** Whether anything moves: on a terminal. Elsewhere nothing is drawn, and lines are reported one by one. */
  readonly moving: boolean;
  draw(lines: readonly string[]): void;
}

/** Where nothing is drawn. */
export const NO_AREA: StepArea = { moving: false, draw: () => undefined };

/** One line of progress: its title while it runs, and what it says of itself when done. */
export interface Step<State> {
  title: string;
  /** @returns what to add to the title once it is done, such as "already running". */
  run: (state: State, report: (detail: string) => void, area?: StepArea) => Promise<string | undefined>;
}

/** A terminal that says how wide it is; one of no width would break every line after each letter. */
const canRedraw = (): boolean => Boolean(process.stderr.isTTY && process.stderr.columns);

/**
 * Runs steps in order and shows them on stderr: moving on a terminal, plain lines elsewhere, nothing under --json or
 * --quiet. The first failure ends the run and is thrown as it was.
 */
export async function runSteps<State>(terminal: Terminal, state: State, steps: readonly Step<State>[]): Promise<void> {
  if (terminal.json || terminal.quiet) {
    for (const step of steps) await step.run(state, () => {}, NO_AREA);
    return;
  }
  const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import('listr2');
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const tasks = new Listr<State>(
    steps.map((step) => ({
      title: step.title,
      task: async (_, task) => {
        const show = (text: string) => {
          task.output = text;
        };
        const area = {
          moving: canRedraw(),
          draw: (lines: readonly string[]) => show(lines.join('\n')),
        };
        const detail = await step.run(state, show, area.moving ? area : NO_AREA);
        if (detail) task.title = `${step.title}: ${detail}`;
      },
    })),
    {
      ctx: state as never,
      // Whoever catches the error says what it is.
      rendererOptions: { logger, timer: PRESET_TIMER, showErrorMessage: false },
      fallbackRendererOptions: { logger, timer: PRESET_TIMER },
      fallbackRendererCondition: () => !canRedraw(),
      registerSignalListeners: false,
    } as never,
  );
  await tasks.run();
}
