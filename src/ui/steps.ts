import type { Terminal } from './terminal.ts';

/** One line of progress: its title while it runs, and what it says of itself when done. */
export interface Step<State> {
  title: string;
  /** @returns what to add to the title once it is done, such as "already running". */
  run: (state: State, report: (detail: string) => void) => Promise<string | undefined>;
}

/**
 * Runs steps in order and shows them on stderr: moving on a terminal, plain lines elsewhere, nothing under --json or
 * --quiet. The first failure ends the run and is thrown as it was.
 */
export async function runSteps<State>(terminal: Terminal, state: State, steps: readonly Step<State>[]): Promise<void> {
  if (terminal.json || terminal.quiet) {
    for (const step of steps) await step.run(state, () => {});
    return;
  }
  const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import('listr2');
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const tasks = new Listr<State>(
    steps.map((step) => ({
      title: step.title,
      task: async (_, task) => {
        const detail = await step.run(state, (text) => {
          task.output = text;
        });
        if (detail) task.title = `${step.title}: ${detail}`;
      },
    })),
    {
      ctx: state as never,
      rendererOptions: { logger, timer: PRESET_TIMER },
      fallbackRendererOptions: { logger, timer: PRESET_TIMER },
      fallbackRendererCondition: () => !process.stderr.isTTY,
      registerSignalListeners: false,
    } as never,
  );
  await tasks.run();
}
