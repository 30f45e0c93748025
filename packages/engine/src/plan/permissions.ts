import { entriesOf, literalText } from '../syntax/node.ts';
import type { Node } from '../syntax/node.ts';

export type Permissions = Readonly<Record<string, string>>;

/** What a workflow gets that declares nothing: GitHub's restricted default. */
export const defaultPermissions: Permissions = { contents: 'read', packages: 'read' };

/** The scopes that `read-all` and `write-all` stand for (GitHub's schema of 2026-08). */
const scopes = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'code-quality',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'repository-projects',
  'security-events',
  'statuses',
  'vulnerability-alerts',
] as const;

/** `id-token` cannot be read, and these two cannot be written. */
const withoutRead: ReadonlySet<string> = new Set(['id-token']);
const withoutWrite: ReadonlySet<string> = new Set(['models', 'vulnerability-alerts']);

/** What a `permissions:` key asks for; naming one scope sets all others to none. */
export function readPermissions(node: Node): Permissions {
  const shorthand = literalText(node);
  if (shorthand === 'read-all') {
    return Object.fromEntries(scopes.filter((s) => !withoutRead.has(s)).map((s) => [s, 'read']));
  }
  if (shorthand === 'write-all') {
    return Object.fromEntries(scopes.map((s) => [s, withoutWrite.has(s) ? 'read' : 'write']));
  }
  const asked = entriesOf(node).map((entry) => [entry.key, literalText(entry.value) ?? 'none']);
  return Object.fromEntries(asked.filter(([, level]) => level !== 'none'));
}

/** What is asked for beyond what is allowed, each as GitHub words it. */
export function excessPermissions(asked: Permissions, allowed: Permissions): readonly string[] {
  return Object.entries(asked)
    .filter(([scope, level]) => rank(level) > rank(allowed[scope]))
    .map(
      ([scope, level]) =>
        `is requesting '${scope}: ${level}', but is only allowed '${scope}: ${allowed[scope] ?? 'none'}'`,
    );
}

function rank(level: string | undefined): number {
  return level === 'write' ? 2 : level === 'read' ? 1 : 0;
}
