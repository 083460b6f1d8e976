/** Something that a destroy leaves behind, and why. */
export interface Remainder {
  what: string;
  why: string;
  /** How it can be removed all the same; absent where it cannot. */
  how?: string;
}

/** What of the state is left alone: its addresses are forgotten before the rest is destroyed. */
export interface Kept {
  /** Addresses that begin with one of these. */
  prefixes: readonly string[];
}

/** The archive, and the group it lies in: a group cannot go while something in it stays. */
export const ARCHIVE_ADDRESSES: Kept = { prefixes: ['module.archive.', 'azurerm_resource_group.'] };

export const isKept = (address: string, kept: Kept): boolean => kept.prefixes.some((p) => address.startsWith(p));
