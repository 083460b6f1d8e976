/** How a host is reached; `local` runs on this machine. */
export interface RemoteTarget {
  name: string;
  connection: 'ssh' | 'local';
  address: string;
  port: number;
  user: string;
  /** Private key; null leaves it to ssh. */
  identityFile: string | null;
  knownHosts: string;
  /** Folder for the shared connection's socket. */
  controlFolder: string;
}

export interface RemoteOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where a server connects to for us, seen from there. */
export interface ForwardedPort {
  host: string;
  port: number;
}

/** A port of this machine that leads to where a server reaches. */
export interface Forward {
  /** On 127.0.0.1. */
  port: number;
  /** Why a connection did not get there, of the latest that did not; undefined when all did. */
  failure(): string | undefined;
  /** Takes no more connections, and ends those there are after a moment for their goodbye. */
  close(): Promise<void>;
}

/**
 * Commands on a server through the ssh of this machine: one shared connection a host, never a password, never a
 * forwarded agent. Arguments are quoted for the remote shell here; input goes through stdin, so that nothing secret is
 * ever in an argument list. A command that is given up (signal, deadline) may go on on the server.
 * Every method throws an {@link OmsError} host_unreachable when ssh itself failed, with its reason (refused, timed out,
 * unknown host, key changed, permission denied) and the next step. A command that ends with another code is no error.
 */
export interface Remote {
  run(
    target: RemoteTarget,
    argv: readonly string[],
    options?: { input?: string | Uint8Array; root?: boolean; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<RemoteOutcome>;
  /** Lines as they come, until the command ends or the signal is aborted. */
  follow(
    target: RemoteTarget,
    argv: readonly string[],
    options: { onLine: (line: string) => void; root?: boolean; signal: AbortSignal },
  ): Promise<{ code: number; stderr: string }>;
  /** Streams a file of this machine into the command's stdin, such as `docker load`; tells how many bytes went. */
  send(
    target: RemoteTarget,
    file: string,
    argv: readonly string[],
    options: { root?: boolean; onProgress?: (bytes: number) => void; signal: AbortSignal },
  ): Promise<RemoteOutcome>;
  /**
   * Listens on this machine and connects to a port as the server sees it, through the shared connection: once for each
   * connection that is made here. It listens when this returns; whether somebody answers there is known by trying.
   */
  forward(target: RemoteTarget, to: ForwardedPort): Promise<Forward>;
  /** Ends the shared connections. */
  close(): Promise<void>;
}
