import { AwsError } from './errors.ts';
import type { PolicyStatement } from './options.ts';

/** Who makes a call, and what it may do. */
export interface Principal {
  readonly arn: string;
  readonly userId: string;
  readonly policy: readonly PolicyStatement[];
}

/** `*` any text, `?` any one character, as in IAM's StringLike and in actions and resources. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

function applies(statement: PolicyStatement, action: string, resource: string): boolean {
  return (
    statement.actions.some((one) => matchesWildcard(one.toLowerCase(), action.toLowerCase())) &&
    statement.resources.some((one) => matchesWildcard(one, resource))
  );
}

/** Explicit deny beats allow, and what nobody allows is denied. */
export function isAllowed(
  policy: readonly PolicyStatement[],
  action: string,
  resource: string,
): 'allowed' | 'not-allowed' | 'denied' {
  const relevant = policy.filter((statement) => applies(statement, action, resource));
  if (relevant.some((statement) => statement.effect === 'Deny')) return 'denied';
  return relevant.length > 0 ? 'allowed' : 'not-allowed';
}

/** Throws AccessDeniedException in AWS's wording for the first resource that is not allowed. */
export function authorise(caller: Principal, action: string, resources: readonly string[]): void {
  for (const resource of resources) {
    const answer = isAllowed(caller.policy, action, resource);
    if (answer === 'allowed') continue;
    const why =
      answer === 'denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    );
  }
}
