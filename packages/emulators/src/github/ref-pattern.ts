import type { GitHubBranchPolicy } from './types.ts';

/**
 * Ruby's `File.fnmatch` with FNM_PATHNAME, which GitHub uses for branch and tag patterns: `*` and `?` stop at `/`,
 * a leading `**` plus `/` matches any depth.
 */
export function matchesRefPattern(pattern: string, name: string): boolean {
  return new RegExp(`^${translate(pattern)}$`, 'u').test(name);
}

function translate(pattern: string): string {
  const tokens = /\*\*\/|\*+|\?|\[[!^]?[^\]]+\]|\\.|./gsu;
  return pattern.replaceAll(tokens, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[') && token.length > 2) {
      return `[${token
        .slice(1, -1)
        .replace(/^!/u, '^')
        .replaceAll('[', String.raw`\[`)}]`;
    }
    const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
    return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  });
}

/** Whether a ref may deploy under a policy; the reason if it may not. */
export function refMayDeploy(
  ref: string,
  policy: GitHubBranchPolicy,
  protectedBranches: readonly string[],
): boolean {
  if (policy === null) return true;
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  const tag = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;
  if (policy === 'protected') {
    // GitHub's documented fail-open: without any protected branch, every branch may deploy.
    if (protectedBranches.length === 0) return branch !== undefined;
    return branch !== undefined && protectedBranches.includes(branch);
  }
  return policy.some((entry) => {
    const { name, type } = typeof entry === 'string' ? { name: entry, type: 'branch' } : entry;
    if (type === 'tag') return tag !== undefined && matchesRefPattern(name, tag);
    // A pull request's ref is matched whole: `refs/pull/*/merge`.
    return tag === undefined && matchesRefPattern(name, branch ?? ref);
  });
}
