import { html as escaping } from 'ghtml';

/**
 * A piece of a page. Values are escaped, also inside quoted attributes; a value that is a piece itself is put in with `!`
 * before its brace: html`<ul>!${items.map(item)}</ul>`. Attributes are always quoted.
 */
export const html: (literals: TemplateStringsArray, ...values: readonly unknown[]) => string = escaping;

/** The piece when there is something to say. */
export const when = (condition: unknown, piece: () => string): string => (condition ? piece() : '');
