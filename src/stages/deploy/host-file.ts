import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { onHost } from './host-command.ts';

/**
 * Shell that takes all of stdin into `$1`, which is to have `$2` bytes. A connection that breaks ends the input early, and
 * for the command that looks like its end: without the count half a file would take the place of a whole one.
 */
export const TAKE_WHOLE = `
take_whole() {
  cat > "$1" || return 1
  [ "$(wc -c < "$1")" -eq "$2" ] && return 0
  rm -f -- "$1"
  echo "the connection broke before all of it was there" >&2
  return 1
}`;

/** Of a text as it is sent, for {@link TAKE_WHOLE}. */
export const bytesOf = (text: string): string => String(Buffer.byteLength(text));

/** By renaming, and on the disk before it counts: the file, then its name. A file that says the same is left. */
const WRITE = `
${TAKE_WHOLE}
umask 022
folder=$(dirname -- "$1")
mkdir -p -- "$folder" && take_whole "$1.part" "$2" || exit 1
if cmp -s -- "$1.part" "$1"; then rm -f -- "$1.part"; echo same; exit 0; fi
sync -- "$1.part" && mv -- "$1.part" "$1" && sync -- "$folder" && echo new`;

export interface HostFile {
  target: RemoteTarget;
  /** Where it is on the server; folders above it are made. */
  file: string;
  text: string;
  /** As in "its routes could not be written". */
  purpose: string;
}

/**
 * Writes a small file on a server, readable for everybody: whole, or not at all.
 * @returns whether it says something else than before.
 * @throws {OmsError} host_unreachable; deploy_failed with what the server said.
 */
export async function writeHostFile(
  { target, file, text, purpose }: HostFile,
  context: Pick<Context, 'remote' | 'signal'>,
): Promise<boolean> {
  const call = { target, script: WRITE, args: [file, bytesOf(text)], input: text, purpose };
  return (await onHost(call, context)).stdout.trim() === 'new';
}
