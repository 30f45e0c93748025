import { AccessError, ServiceError } from '@gatewright/verdict';
import { isThrottled } from './retry.ts';

/** A call that GitHub did not answer as hoped. */
export interface Failure {
  readonly route: string;
  /** The scope that the call is known to need. */
  readonly scope: string;
  /** `undefined`: no answer came. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
  readonly cause: unknown;
}

/** Whether GitHub refused for lack of a credential or a permission. */
export function isRefusal(failure: Failure): boolean {
  const { status, headers } = failure;
  return status === 401 || (status === 403 && !isThrottled(status, headers));
}

/** What GitHub said, in one sentence; it names the scope if one is missing. */
export function describeFailure(failure: Failure): string {
  const { route, status, headers } = failure;
  if (status === undefined) return `${route}: no answer (${failure.message})`;
  if (isThrottled(status, headers)) return `${route}: too many calls (${status})`;
  if (status === 401) return `${route}: GitHub does not know the token (401)`;
  if (status === 403) return `${route}: the token lacks the scope "${scopeOf(failure)}" (403)`;
  return `${route}: ${status} ${failure.message}`;
}

/** The error for a failure that nobody could handle. */
export function explainFailure(failure: Failure): AccessError | ServiceError {
  const said = describeFailure(failure);
  const details = { checked: [`${failure.route}: ${failure.message}`], cause: failure.cause };
  if (isRefusal(failure)) {
    return new AccessError('access-denied', `GitHub refused ${said}.`, {
      ...details,
      remedy:
        failure.status === 401
          ? 'Pass a token that is valid, by default ${{ github.token }}.'
          : `Grant "${scopeOf(failure)}" under "permissions:" of the job, and of the job that calls the workflow.`,
    });
  }
  if (isThrottled(failure.status, failure.headers)) {
    return new ServiceError('throttled', `GitHub throttled ${said}.`, {
      ...details,
      remedy: 'Run the job again later; the rate limit of a token renews every hour.',
    });
  }
  return new ServiceError('service-error', `GitHub failed: ${said}.`, {
    ...details,
    remedy: 'Run the job again; see https://www.githubstatus.com if it goes on.',
  });
}

/** GitHub names the scopes that it would have accepted as `actions=read`, several after a semicolon. */
function scopeOf(failure: Failure): string {
  const accepted = failure.headers['x-accepted-github-permissions'];
  if (accepted === undefined || accepted === '') return failure.scope;
  return accepted.replaceAll('=', ': ').replaceAll(';', ' or').replaceAll(',', ', ');
}
