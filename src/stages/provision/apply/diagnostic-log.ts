import type { Diagnostic, TerraformMessage } from '../../../tools/terraform-messages.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import { visible } from '../../../ui/visible.ts';

/** Collects what Terraform warns about over plan and apply, and tells each of it once. */
export interface DiagnosticLog {
  onMessage(message: TerraformMessage): void;
  /** Writes the warnings that came since the last time; not while steps are drawn. */
  tell(): void;
  /** Every warning once, in the order they came. */
  warnings(): Diagnostic[];
}

/** Of a destroy that leaves the archive: what Terraform recommends then is not to be done. */
const OWN_DOING = /^(?:Resource targeting is in effect|Applied changes may be incomplete)$/;

const keyOf = ({ summary, detail }: Diagnostic) => `${summary}\n${detail ?? ''}`;

function text({ summary, detail, address }: Diagnostic): string {
  const lines = [address ? `${address}: ${summary}` : summary, ...(detail?.trim() ? detail.trim().split('\n') : [])];
  return lines
    .map((line, index) => (index === 0 ? `warning  ${visible(line)}` : `         ${visible(line)}`))
    .join('\n');
}

export function createDiagnosticLog(terminal: Pick<Terminal, 'note'>): DiagnosticLog {
  const seen = new Map<string, Diagnostic>();
  let told = 0;
  return {
    onMessage({ diagnostic }) {
      if (diagnostic?.severity === 'warning' && !OWN_DOING.test(diagnostic.summary) && !seen.has(keyOf(diagnostic)))
        seen.set(keyOf(diagnostic), diagnostic);
    },
    tell() {
      for (const diagnostic of [...seen.values()].slice(told)) terminal.note(text(diagnostic));
      told = seen.size;
    },
    warnings: () => [...seen.values()],
  };
}
