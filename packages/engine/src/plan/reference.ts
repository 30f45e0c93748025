/** What a `uses:` points at. */
export type Reference =
  | { readonly kind: 'self'; readonly path: string }
  | { readonly kind: 'workspace'; readonly path: string }
  | {
      readonly kind: 'remote';
      readonly owner: string;
      readonly repo: string;
      readonly path: string;
      readonly ref: string;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Reads a `uses:`; whether the target exists is not its business. */
export function parseReference(uses: string): Reference {
  if (uses.startsWith('docker://')) return invalid('docker:// actions are not supported');
  const prefix = uses.slice(0, 2);
  if (prefix === '$/' || prefix === './') {
    const path = uses.slice(2).replace(/\/+$/, '');
    if (prefix === '$/' && path.includes('@')) return invalid('$/ takes no @ref');
    if (climbs(path)) return invalid('the path leaves the repository');
    return { kind: prefix === '$/' ? 'self' : 'workspace', path };
  }
  const match = /^([^/@\s]+)\/([^/@\s]+)((?:\/[^@\s]+)?)@(\S+)$/.exec(uses);
  if (match === null) return invalid('expected owner/repo/path@ref, ./path or $/path');
  const [, owner = '', repo = '', path = '', ref = ''] = match;
  if (climbs(path)) return invalid('the path leaves the repository');
  return { kind: 'remote', owner, repo, path: path.replace(/^\/+|\/+$/g, ''), ref };
}

function climbs(path: string): boolean {
  return path.split('/').includes('..');
}

function invalid(reason: string): Reference {
  return { kind: 'invalid', reason };
}
