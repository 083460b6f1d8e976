import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { messageOf } from '../../../errors.ts';

/** A chain and its key have a few kilobytes. */
const MOST_BYTES = 256 * 1_024;

/** A PEM file as it is on disk. */
export interface PemFile {
  text: string;
  /** Whether anybody but its owner may read it. */
  open: boolean;
}

/** Why a file cannot be what it is taken for, in one sentence without its full stop. */
export class PemProblem extends Error {
  override readonly name = 'PemProblem';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** @throws {PemProblem} when it cannot be read or is no PEM file */
export async function readPem(file: string): Promise<PemFile> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new PemProblem(`${file}: ${REASONS[error.code ?? ''] ?? error.message}`);
  });
  try {
    const { mode, size } = await handle.stat();
    if (size > MOST_BYTES) throw new PemProblem(`${file} has more than ${MOST_BYTES / 1_024} kB`);
    const text = await handle.readFile('utf8');
    return { text, open: (mode & 0o077) !== 0 };
  } catch (error) {
    if (error instanceof PemProblem) throw error;
    throw new PemProblem(`${file}: ${REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error)}`);
  } finally {
    await handle.close();
  }
}

/**
 * The certificates of a PEM text in their order; "TRUSTED CERTIFICATE", which OpenSSL alone reads, is none.
 * @throws {PemProblem} when there is none, or one that does not parse
 */
export function certificatesIn(text: string, file: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const [first, ...rest] = blocks.map((block) => new X509Certificate(block));
    if (first) return [first, ...rest];
  } catch {
    throw new PemProblem(`${file} holds a certificate that is damaged`);
  }
  throw new PemProblem(`${file} holds no certificate in PEM form`);
}

/**
 * The private key of a PEM text.
 * @throws {PemProblem} when there is none, or one that a server could not open by itself
 */
export function keyIn(text: string, file: string): KeyObject {
  const block = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(text)?.[0];
  if (!block) throw new PemProblem(`${file} holds no private key in PEM form`);
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(block)) {
    throw new PemProblem(`the key ${file} is encrypted, and nobody types a passphrase when a server starts`);
  }
  try {
    return createPrivateKey(block);
  } catch {
    // What the parser says may quote the key.
    throw new PemProblem(`${file} holds a private key that is damaged`);
  }
}
