import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { forwardArguments } from '../../tools/ssh.ts';
import { openPipe } from '../exec/pipe.ts';
import type { Forward, ForwardedPort, RemoteTarget } from './remote.ts';

/** How long connections may say goodbye when the forward is closed. */
const GRACE_MS = 1_000;

/** One connection's way: ends when both sides have ended, or either has gone. @returns why it never got there. */
type Carry = (near: Socket) => Promise<string | undefined>;

const ofThisMachine =
  (to: ForwardedPort): Carry =>
  (near) => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    let failure: string | undefined;
    const far = connect({ ...to, allowHalfOpen: true });
    far.on('error', (error) => {
      failure = error.message;
    });
    far.on('close', () => {
      near.destroy();
      resolve(failure);
    });
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
    return promise;
  };

const throughSsh =
  (target: RemoteTarget, to: ForwardedPort): Carry =>
  async (near) => {
    const far = await openPipe({ file: 'ssh', args: forwardArguments(target, to), env: { LC_ALL: 'C' } });
    // What is written to an ssh that has gone is told by its end.
    far.stdin.on('error', () => near.destroy());
    near.on('close', far.kill);
    if (near.destroyed) far.kill();
    near.pipe(far.stdin);
    far.stdout.pipe(near);
    const { code, stderr, notFound } = await far.ended;
    near.destroySoon();
    if (notFound) return 'ssh is not installed, or not on PATH';
    return code ? stderr.trim().split('\n').at(-1) || `ssh ended with exit code ${code}` : undefined;
  };

/**
 * Listens on a port of 127.0.0.1 and carries each connection to where the server reaches. The port is this process's
 * own from the beginning: nobody else can listen there and be taken for the server.
 */
export async function openForward(target: RemoteTarget, to: ForwardedPort): Promise<Forward> {
  const carry = target.connection === 'local' ? ofThisMachine(to) : throughSsh(target, to);
  const open = new Map<Socket, Promise<void>>();
  let failure: string | undefined;
  const accept = (near: Socket) => {
    near.on('error', () => near.destroy());
    const carried = carry(near).then((why) => {
      failure = why ?? failure;
      open.delete(near);
    });
    open.set(near, carried);
  };
  // A client that has said all it wants to is still answered.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    const end = setTimeout(() => {
      for (const near of open.keys()) near.destroy();
    }, GRACE_MS);
    await Promise.all(open.values());
    clearTimeout(end);
  };
  return { port, failure: () => failure, close };
}
