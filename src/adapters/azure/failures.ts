import { messageOf, OmsError } from '../../errors.ts';

/** What an SDK of Azure throws when Azure answered with an error, as far as it is looked at here. */
interface RestFailure {
  statusCode?: number;
  code?: string;
  message: string;
}

const isLoginProblem = (error: unknown): boolean =>
  error instanceof Error &&
  /^(CredentialUnavailable|Authentication|AuthenticationRequired|AggregateAuthentication)/.test(error.name);

const STATUS_PAGE = 'look at https://azure.status.microsoft, then run the same command again';

/** By status: what it means, and what to do. */
function adviceOn(status: number | undefined): { means: string; next: string[] } {
  if (status === 403) {
    return {
      means: 'refused',
      next: [
        'ask for the role Owner, or Contributor with User Access Administrator, on the resource group',
        'a role that was assigned a moment ago takes up to five minutes: run the same command again',
      ],
    };
  }
  if (status === 409 || status === 412) {
    return { means: 'found it changed meanwhile', next: ['see who works on it, then run the same command again'] };
  }
  if (status === 429) {
    return { means: 'is asked too much at once', next: ['wait some minutes, then run the same command again'] };
  }
  if (status !== undefined && status >= 500) return { means: 'failed', next: [STATUS_PAGE] };
  if (status !== undefined) return { means: 'did not accept the request', next: ['oms doctor', STATUS_PAGE] };
  return { means: 'could not be reached', next: ['check the network and the proxy of this machine', STATUS_PAGE] };
}

/** Azure's own words; of a list the SDKs throw them away and speak of pagination, where the code says more. */
function reasonOf(error: unknown): string {
  const { statusCode, code } = error as RestFailure;
  const name = statusCode === undefined ? undefined : [statusCode, code].filter(Boolean).join(' ');
  const words = messageOf(error);
  if (name === undefined) return words;
  return words.startsWith('Pagination failed') ? name : `${name}: ${words}`;
}

/** Whether Azure said that there is no such thing. */
export const isNotFound = (error: unknown): boolean => (error as RestFailure).statusCode === 404;

/** Azure was given up on. */
export const tooLate = (doing: string, milliseconds: number, cause: unknown): OmsError =>
  new OmsError('azure_failed', `Azure did not answer within ${milliseconds / 1_000} s when it was asked to ${doing}`, {
    next: ['check the network and the proxy of this machine', STATUS_PAGE],
    cause,
  });

/**
 * What went wrong with Azure, as the person at the terminal needs it.
 * @param doing completes "Azure ... when it was asked to", such as "read namespace evhns-demo"
 */
export function azureFailure(doing: string, error: unknown): OmsError {
  if (error instanceof OmsError) return error;
  const { statusCode } = error as RestFailure;
  if (statusCode === 401 || isLoginProblem(error)) {
    return new OmsError('login_missing', `Azure does not know who asks it to ${doing}`, {
      why: reasonOf(error),
      next: ['az login', 'az account show'],
      cause: error,
    });
  }
  const { means, next } = adviceOn(statusCode);
  return new OmsError('azure_failed', `Azure ${means} when it was asked to ${doing}`, {
    ...{ why: reasonOf(error), next, cause: error },
  });
}
