import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { unpackPackages } from '../../src/adapters/packages/unpack.ts';
import type { RemoteTarget } from '../../src/adapters/ssh/remote.ts';

/** Debian's sshd, unpacked; nothing is installed. @returns why there is none, as text. */
export async function unpackSshd(folder: string): Promise<{ sshd: string; libraries: string } | string> {
  try {
    mkdirSync(folder, { recursive: true });
    await unpackPackages(folder, { candidates: ['openssh-server'], size: '1 MB' });
    const sshd = join(folder, 'usr', 'sbin', 'sshd');
    const libraries = ['lib', 'usr/lib'].map((part) => join(folder, part, `${machine()}-linux-gnu`)).join(':');
    accessSync(sshd);
    return { sshd, libraries };
  } catch (error) {
    return (error as Error).message;
  }
}

const machine = () => execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();

/** A new key pair without a passphrase. @returns the file of the private key. */
export function newKey(folder: string, name: string): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}

/** root's sshd wants a user of its own and a folder in /run: it gets both in a mount namespace, where nobody sees them. */
const AS_ROOT = `
mount --bind "$1" /etc/passwd && mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && shift && exec "$@"`;

export interface SshServer {
  port: number;
  /** Connections so far. */
  connections: number;
  target: RemoteTarget;
  /** Gives the server another host key. */
  changeHostKey(): void;
}

/** An sshd a connection, on a port of its own, that lets in who runs the test, with the key of `target`. */
export async function startSshServer(
  t: Pick<TestContext, 'after'>,
  folder: string,
  { sshd, libraries }: { sshd: string; libraries: string },
): Promise<SshServer> {
  const { username, uid } = userInfo();
  const identityFile = newKey(folder, 'client');
  const state = { hostKey: newKey(folder, 'host1'), keys: 1 };
  const passwd = join(folder, 'passwd');
  const kept = readFileSync('/etc/passwd', 'utf8').replace(/^sshd:.*\n/m, '');
  writeFileSync(passwd, `${kept}sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n`);
  const config = [
    ...['UsePAM=no', 'StrictModes=no', 'PasswordAuthentication=no', 'KbdInteractiveAuthentication=no'],
    ...['PermitRootLogin=prohibit-password', `AuthorizedKeysFile=${identityFile}.pub`, 'MaxSessions=50'],
  ];
  const children = new Set<ChildProcess>();
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    found.connections++;
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    const argv = [sshd, '-i', '-e', '-f', '/dev/null', '-h', state.hostKey, ...config.flatMap((one) => ['-o', one])];
    const [file = '', ...args] = uid === 0 ? ['unshare', '-m', 'sh', '-c', AS_ROOT, 'sh', passwd, ...argv] : argv;
    const env = { ...process.env, LD_LIBRARY_PATH: libraries };
    const child = spawn(file, args, { stdio: [socket, socket, 'ignore'], env });
    children.add(child.on('exit', () => children.delete(child) && socket.destroy()));
  };
  const server = createServer({ pauseOnConnect: true }, accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const child of children) child.kill('SIGTERM');
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const found: SshServer = {
    port,
    connections: 0,
    target: {
      ...{ name: 'shop-1', connection: 'ssh', address: '127.0.0.1', port, user: username, identityFile },
      ...{ knownHosts: join(folder, 'known hosts'), controlFolder: join(folder, 'c') },
    },
    changeHostKey: () => {
      state.hostKey = newKey(folder, `host${++state.keys}`);
    },
  };
  return found;
}
