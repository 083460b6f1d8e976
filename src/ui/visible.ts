/**
 * Text from outside, with everything that a terminal would act on instead of showing (escape sequences, line ends,
 * marks that turn the direction of reading) written out.
 */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
