/** Whether a version satisfies what was asked for: `24`, `24.x`, `24.21`, `24.21.0`, with or without a `v`. */
export function matchesVersion(wanted: string, version: string): boolean {
  const parts = wanted
    .replace(/^v/, '')
    .replace(/(?:\.[xX*])+$/, '')
    .split('.');
  const isNumbers = parts.every((part) => /^\d+$/.test(part));
  return isNumbers && parts.every((part, index) => version.split('.')[index] === part);
}
