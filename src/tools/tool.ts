/** A program of the machine that some command needs. */
export interface Tool {
  name: string;
  purpose: string;
  /** Commands that cannot work without it, such as "oms up". */
  neededBy: readonly string[];
  /** Oldest version that will do. */
  minimum: string;
  /** Without it something cannot be done at all; otherwise there is another way. */
  required: boolean;
  hint: string;
}

/** A tool that prints its version. */
export interface VersionedTool extends Tool {
  command: string;
  versionArguments: readonly string[];
  /** Added to its environment. */
  versionEnvironment?: Readonly<Record<string, string>>;
  /** How long it may take to say so; 5 s where nothing is said. */
  versionDeadlineMs?: number;
}

/** Numeric comparison of "10.11.18" and the like; true when `version` is at least `minimum`. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [a, b] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, wanted] of b.entries()) {
    const found = a[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

/** The first thing that looks like a version in what a program prints. */
export function parseVersion(output: string): string | undefined {
  return /(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}
