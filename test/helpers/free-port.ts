import { isPortFree } from '../../src/adapters/net/ports.ts';

/** Below those that `oms` chooses for itself: a stack that is down for a moment must find its own again. */
const FIRST_PORT = 10_000;
const SLICES = 64;
const SLICE = 125;

const first = FIRST_PORT + (process.pid % SLICES) * SLICE;
let next = Math.floor(Math.random() * SLICE);

/**
 * A port of 127.0.0.1 for a server that begins to listen later, or will listen there again. Nobody else is given it
 * meanwhile: test processes that run at once have slices of their own, and each goes through its own in turn.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < SLICE; attempt++) {
    const port = first + (next++ % SLICE);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port from ${first} on`);
}
