import type { ErrorCode } from '../../errors.ts';

/** What a rule makes its explanation of. */
export interface FailureFacts {
  found: RegExpExecArray;
  /** Summary and detail of the error. */
  text: string;
  environment: string;
}

export interface Explanation {
  message: string;
  why: string;
  /** The most promising first. */
  next: readonly string[];
}

/** One kind of failure of Terraform, of its provider or of Azure. */
export interface FailureRule {
  name: string;
  /** Against summary and detail of an error. */
  pattern: RegExp;
  code?: ErrorCode;
  explain(facts: FailureFacts): Explanation;
  link?: string;
}

export const LEARN = 'https://learn.microsoft.com/azure';

/** The call that goes on. */
export const again = (environment: string) =>
  `oms provision --env ${environment}   (what is done stays, the rest is made)`;
