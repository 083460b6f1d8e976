export interface GroupCommitOptions {
  /** How long the first job waits for company. */
  lingerMs: number;
  maxJobs: number;
}

const DEFAULTS: GroupCommitOptions = { lingerMs: 5, maxJobs: 500 };

interface Waiting<Job, Answer> {
  job: Job;
  settled: PromiseWithResolvers<Answer>;
}

/**
 * Gathers jobs for a few milliseconds and has them done together, one gathering at a time: a thousand answers a second
 * then cost a hundred commits, and what decides never meets another decision half-way.
 */
export class GroupCommit<Job, Answer> {
  readonly #run: (jobs: readonly Job[]) => Promise<readonly Answer[]>;
  readonly #options: GroupCommitOptions;
  #waiting: Waiting<Job, Answer>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  /** @param run answers all jobs in their order, or rejects for all of them */
  constructor(run: (jobs: readonly Job[]) => Promise<readonly Answer[]>, options: Partial<GroupCommitOptions> = {}) {
    this.#run = run;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Resolves when the job's gathering is done; rejects with whatever `run` rejected with. */
  submit(job: Job): Promise<Answer> {
    const settled = Promise.withResolvers<Answer>();
    this.#waiting.push({ job, settled });
    this.#timer ??= setTimeout(() => this.#flush(), this.#options.lingerMs);
    return settled.promise;
  }

  /** Does something between two gatherings. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Until everything that was handed in is settled. */
  async drain(): Promise<void> {
    if (this.#timer) this.#flush();
    await this.#tail;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.alone(() => this.#runGathered()).catch(() => {});
  }

  async #runGathered(): Promise<void> {
    const gathered = this.#waiting.splice(0, this.#options.maxJobs);
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#flush(), 0);
    if (gathered.length === 0) return;
    try {
      const answers = await this.#run(gathered.map(({ job }) => job));
      gathered.forEach(({ settled }, index) => {
        settled.resolve(answers[index]!);
      });
    } catch (error) {
      for (const { settled } of gathered) settled.reject(error);
    }
  }
}
