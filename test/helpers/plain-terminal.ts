import { createTerminal, type Terminal } from '../../src/ui/terminal.ts';

/** A terminal without colour, of this width; what would be noted goes to `notes`. */
export const plainTerminal = (options: { width?: number; interactive?: boolean; notes?: string[] } = {}): Terminal => ({
  ...createTerminal({ json: false, quiet: false, input: false }),
  width: options.width ?? 80,
  interactive: options.interactive ?? false,
  style: (_, text) => text,
  note: (text) => {
    options.notes?.push(text);
  },
});
