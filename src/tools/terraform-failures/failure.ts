import { stripVTControlCharacters } from 'node:util';
import { type ErrorCode, OmsError } from '../../errors.ts';
import type { Diagnostic } from '../terraform-messages.ts';
import { AZURE_RULES } from './azure-rules.ts';
import { RESOURCE_RULES } from './resource-rules.ts';
import type { FailureRule } from './rule.ts';
import { TOOL_RULES } from './tool-rules.ts';

/** The first match wins, so what is particular comes before what is general. */
export const FAILURE_RULES: readonly FailureRule[] = [...TOOL_RULES, ...RESOURCE_RULES, ...AZURE_RULES];

/** What is known of the run that failed, for steps that can be copied. */
export interface FailedRun {
  /** Name of the environment, for `--env`. */
  environment: string;
}

/** Follows from another error, or from being interrupted, and says nothing by itself. */
const isEcho = ({ summary }: Diagnostic) => summary === 'execution halted' || summary === 'operation canceled';

/** Azure's answers come from outside: what a terminal would act on instead of showing is left out, line ends stay. */
const plain = (text: string) => stripVTControlCharacters(text).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');

const textOf = ({ summary, detail }: Diagnostic) => plain(detail ? `${summary}\n${detail}` : summary);

interface Match {
  rule: FailureRule;
  found: RegExpExecArray;
  diagnostic: Diagnostic;
}

/** Rules come first, then errors: the most telling reason counts, in whichever error it stands. */
function firstMatch(errors: readonly Diagnostic[]): Match | undefined {
  for (const rule of FAILURE_RULES) {
    for (const diagnostic of errors) {
      const found = rule.pattern.exec(textOf(diagnostic));
      if (found) return { rule, found, diagnostic };
    }
  }
  return undefined;
}

/** Terraform's own words: address, summary and detail of each error, every text once. */
export function originalText(errors: readonly Diagnostic[]): string {
  const texts = errors.map((error) => (error.address ? `${error.address}: ${textOf(error)}` : textOf(error)));
  return [...new Set(texts)].map((text) => text.trim()).join('\n\n');
}

/** A stack trace has no paragraphs. */
const MOST_LINES = 5;

const firstParagraph = (text: string | undefined) =>
  text &&
  plain(text)
    .trim()
    .split(/\n\s*\n/)[0]!
    .split('\n')
    .slice(0, MOST_LINES)
    .join('\n');

const others = (count: number) => (count > 0 ? ` (and ${count} more error${count > 1 ? 's' : ''})` : '');

function explained({ rule, found, diagnostic }: Match, errors: readonly Diagnostic[], run: FailedRun): OmsError {
  const text = textOf(diagnostic);
  const { message, why, next } = rule.explain({ found, text, environment: run.environment });
  const place = diagnostic.address ? `${diagnostic.address}: ` : '';
  const code: ErrorCode = rule.code ?? 'terraform_failed';
  return new OmsError(code, `${place}${message}${others(errors.length - 1)}`, {
    why,
    next: [...next, ...(rule.link ? [`read ${rule.link}`] : [])],
    original: originalText(errors),
  });
}

function unexplained(errors: readonly Diagnostic[], run: FailedRun): OmsError {
  const [first] = errors;
  if (!first) return silent(run);
  const place = first.address ? `${first.address}: ` : '';
  const why = firstParagraph(first.detail);
  return new OmsError('terraform_failed', `${place}${plain(first.summary)}${others(errors.length - 1)}`, {
    ...(why && { why }),
    next: [`oms provision --env ${run.environment}   (goes on where it stopped)`],
    original: originalText(errors),
  });
}

const silent = (run: FailedRun) =>
  new OmsError('terraform_failed', 'Terraform failed without saying why', {
    next: [
      `DEBUG=oms TF_LOG=debug TF_LOG_PATH=terraform.log oms provision --env ${run.environment}`,
      `less .oms/${run.environment}/terraform/terraform.log   (requests to Azure are in it: share it with care)`,
    ],
  });

/** Makes one failure of what Terraform reported: message, reason, next steps; its own words follow below. */
export function terraformFailure(diagnostics: readonly Diagnostic[], run: FailedRun): OmsError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const telling = errors.filter((error) => !isEcho(error));
  const shown = telling.length > 0 ? telling : errors;
  const match = firstMatch(shown);
  return match ? explained(match, shown, run) : unexplained(shown, run);
}
