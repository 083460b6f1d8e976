import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeProgram } from '../fake-program.ts';
import type { Look } from './program.ts';

const PROGRAM = join(import.meta.dirname, 'program.ts');

export interface FakeDocker {
  /** To be first on a search path. */
  bin: string;
  /** What was asked for since the last time, in order and in short: "up web1", "rm producer-a". */
  calls(): string[];
  /** From now on these run, healthy, and nothing else. */
  runs(containers: readonly { service: string; hash: string; status?: string; looks?: readonly Look[] }[]): void;
  /** From now on these images are there. */
  has(...images: string[]): void;
  /** Names of the services that run, once for each container. */
  running(): string[];
  images(): string[];
  /** What containers that are started from now on go through, by service and number, such as "web1-1". */
  behave(looks: Record<string, readonly Look[]>): void;
  /** Compose starts nothing and says why; without a reason it does again. */
  refuses(...reason: string[]): void;
  /** What every container has written, and the codes with which containers have exited. */
  wrote(logs: readonly string[], exitCodes?: readonly number[]): void;
  /** "service hash" of those whose health check fails. */
  unhealthy(...services: string[]): void;
  /** Consumers read no partition, or do. */
  reading(reads: boolean): void;
  /** Phases in which the setup job says that it has changed something. */
  migrations(...phases: string[]): void;
}

/** A docker that starts nothing. */
export function fakeDocker(folder: string): FakeDocker {
  const bin = join(folder, 'bin');
  mkdirSync(folder, { recursive: true });
  fakeProgram(
    join(bin, 'docker'),
    `FAKE_DOCKER='${folder}' exec '${process.execPath}' --no-warnings '${PROGRAM}' "$@"`,
  );
  const say = (name: string, lines: readonly string[]) => writeFileSync(join(folder, name), lines.join('\n'));
  const state = () => {
    const file = join(folder, 'state.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { containers: [], images: [] };
  };
  return {
    bin,
    calls() {
      const file = join(folder, 'calls');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
      rmSync(file, { force: true });
      return lines;
    },
    runs(containers) {
      const all = containers.map((one) => ({ state: 'running', status: 'Up 1 second (healthy)', ...one }));
      writeFileSync(join(folder, 'state.json'), JSON.stringify({ ...state(), containers: all }));
    },
    has: (...images) => writeFileSync(join(folder, 'state.json'), JSON.stringify({ ...state(), images })),
    running: () => state().containers.map(({ service }: { service: string }) => service),
    images: () => state().images,
    behave: (looks) => say('behaviour', [JSON.stringify(looks)]),
    refuses: (...reason) => say('refused', reason),
    wrote(logs, exitCodes = []) {
      say('logs', logs);
      say('exit-codes', exitCodes.map(String));
    },
    unhealthy: (...services) => say('unhealthy', services),
    reading: (reads) => say('not-reading', reads ? [] : ['none']),
    migrations: (...phases) => say('migrations', phases),
  };
}
