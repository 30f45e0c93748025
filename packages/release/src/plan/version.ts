/** A version of the whole toolkit: actions and workflows share one. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** How far a version moves. */
export type Level = 'major' | 'minor' | 'patch';

/** What the first version of all is called: callers write `@v1`. */
export const firstVersion: Version = { major: 1, minor: 0, patch: 0 };

const pattern = /^v(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

/** The version that a tag names: exactly `vX.Y.Z`, nothing before and nothing behind. */
export function parseVersion(tag: string): Version | undefined {
  const found = pattern.exec(tag);
  if (!found) return undefined;
  const [, major, minor, patch] = found.map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major, minor, patch };
}

/** The tag of a version. */
export function formatVersion({ major, minor, patch }: Version): string {
  return `v${major}.${minor}.${patch}`;
}

/** The tags that follow the newest version of their line. */
export function floatingTags({ major, minor }: Version): readonly [string, string] {
  return [`v${major}`, `v${major}.${minor}`];
}

/** Below, above or zero, as for sorting. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** The next version. */
export function bump(version: Version, level: Level): Version {
  if (level === 'major') return { major: version.major + 1, minor: 0, patch: 0 };
  if (level === 'minor') return { ...version, minor: version.minor + 1, patch: 0 };
  return { ...version, patch: version.patch + 1 };
}

const order: readonly Level[] = ['patch', 'minor', 'major'];

/** The farthest of some levels. */
export function highest(levels: readonly Level[]): Level | undefined {
  return order.findLast((level) => levels.includes(level));
}
