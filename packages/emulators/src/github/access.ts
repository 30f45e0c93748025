import { GitHubProblem, notFound } from './call.ts';
import type { Principal, World } from './world.ts';

/** The permission that an operation needs, `undefined` for what every token may. */
const needs: Readonly<
  Record<string, { readonly scope: string; readonly level: 'read' | 'write' }>
> = {
  'repos/get-all-environments': { scope: 'actions', level: 'read' },
  'repos/get-environment': { scope: 'actions', level: 'read' },
  'repos/list-deployment-branch-policies': { scope: 'actions', level: 'read' },
  // Grantable to apps and people, not to GITHUB_TOKEN.
  'actions/list-environment-variables': { scope: 'environments', level: 'read' },
  'repos/list-deployments': { scope: 'deployments', level: 'read' },
  'repos/create-deployment': { scope: 'deployments', level: 'write' },
  'repos/get-deployment': { scope: 'deployments', level: 'read' },
  'repos/list-deployment-statuses': { scope: 'deployments', level: 'read' },
  'repos/create-deployment-status': { scope: 'deployments', level: 'write' },
  'actions/get-workflow-run': { scope: 'actions', level: 'read' },
  'actions/get-pending-deployments-for-run': { scope: 'actions', level: 'read' },
  'actions/get-reviews-for-run': { scope: 'actions', level: 'read' },
  'actions/list-jobs-for-workflow-run': { scope: 'actions', level: 'read' },
  'repos/compare-commits-with-basehead': { scope: 'contents', level: 'read' },
  'repos/list-branches': { scope: 'contents', level: 'read' },
  'repos/get-commit': { scope: 'contents', level: 'read' },
  'git/get-ref': { scope: 'contents', level: 'read' },
  // Grantable to apps and people, not to GITHUB_TOKEN.
  'repos/check-immutable-releases': { scope: 'administration', level: 'read' },
  'repos/list-releases': { scope: 'contents', level: 'read' },
  'repos/get-release-by-tag': { scope: 'contents', level: 'read' },
  'repos/get-release': { scope: 'contents', level: 'read' },
  'repos/get-release-asset': { scope: 'contents', level: 'read' },
  'repos/create-release': { scope: 'contents', level: 'write' },
  'repos/update-release': { scope: 'contents', level: 'write' },
  'repos/delete-release': { scope: 'contents', level: 'write' },
  'repos/upload-release-asset': { scope: 'contents', level: 'write' },
  'repos/delete-release-asset': { scope: 'contents', level: 'write' },
};

/** Scopes that are needed to read even what is public. */
const alwaysNeeded = new Set(['administration', 'environments']);

/** Who calls; throws GitHub's 401 for a token that it does not know. */
export function authenticate(world: World, header: string | undefined): Principal | undefined {
  if (header === undefined) return undefined;
  const token = /^(?:token|bearer)\s+(\S+)$/iu.exec(header)?.[1];
  const principal = token === undefined ? undefined : world.tokens.get(token);
  if (principal === undefined) throw new GitHubProblem(401, 'Bad credentials');
  return principal;
}

/** Throws GitHub's refusal if the caller lacks what the operation needs. */
export function authorize(
  world: World,
  operation: string,
  repository: string | undefined,
  principal: Principal | undefined,
): void {
  const need = needs[operation];
  if (need === undefined || principal?.kind === 'user') return;
  const target = repository === undefined ? undefined : world.repositories.get(repository);
  const isPublic = target !== undefined && !target.private;
  // What is public needs no permission to read, not even a token.
  if (isPublic && need.level === 'read' && !alwaysNeeded.has(need.scope)) return;
  if (principal === undefined) {
    throw need.level === 'write' && isPublic
      ? new GitHubProblem(401, 'Requires authentication')
      : notFound();
  }
  const granted = principal.permissions[need.scope];
  if (granted === 'write' || granted === need.level) return;
  throw new GitHubProblem(403, 'Resource not accessible by integration');
}

/** The value of the header that GitHub adds to say which permission an operation accepts. */
export function acceptedPermissions(operation: string): string | undefined {
  const need = needs[operation];
  return need === undefined ? undefined : `${need.scope}=${need.level}`;
}
