const SECRET =
  /^--?[a-z0-9_-]*(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|(?:private|api|access|account|shared|sas)[_-]?key|sas|connection[_-]string)s?$/i;

/** The name alone: what stands behind it may be a secret, as may what only looks like a flag. */
const nameOf = (flag: string): string => (/^--/.test(flag) ? flag.split('=')[0]! : flag.slice(0, 2));

/**
 * A call with flags that do not exist, without their values; with a hint where one of them looks like a secret.
 * @returns undefined for any other error.
 */
export function unknownFlags(error: Error): { message: string; hint: string | undefined } | undefined {
  const { flags } = error as { flags?: unknown };
  if (!error.message.startsWith('Nonexistent flag') || !Array.isArray(flags)) return undefined;
  const names = flags.map((flag) => nameOf(String(flag)));
  return {
    message: `Nonexistent flag${names.length === 1 ? '' : 's'}: ${names.join(', ')}`,
    hint: names.some((name) => SECRET.test(name))
      ? 'no secret is a flag, everybody on this machine can read a call: for Azure sign in with "az login"'
      : undefined,
  };
}
